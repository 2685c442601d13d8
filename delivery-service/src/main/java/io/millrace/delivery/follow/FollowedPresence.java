package io.millrace.delivery.follow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.delivery.room.Interruption;
import io.millrace.delivery.signal.PartitionSignals;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A partition of the compacted topic of presence, read from its beginning: what it says is known once its end, as it was at the start, is reached. */
final class FollowedPresence implements Followed {
    private static final long LOADED = Long.MIN_VALUE;

    private final Topic<PresenceRecord> topic;
    private final PartitionSignals signals;
    private long loadingUpTo = LOADED;

    FollowedPresence(Topic<PresenceRecord> topic, PartitionSignals signals) {
        this.topic = topic;
        this.signals = signals;
    }

    @Override
    public long start(LogSnapshot log) {
        return log.begin();
    }

    @Override
    public void begun(LogSnapshot log, long start) {
        signals.loading();
        loadingUpTo = log.lastStable();
        loadedUpTo(start);
    }

    @Override
    public void readUpTo(long position, int leaderEpoch) {
        loadedUpTo(position);
    }

    private void loadedUpTo(long position) {
        if (loadingUpTo != LOADED && position >= loadingUpTo) {
            loadingUpTo = LOADED;
            signals.loaded();
        }
    }

    /** Whoever waits goes on waiting: the partition is tried again while someone needs it. */
    @Override
    public void unfollowable(Throwable cause) {
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            FollowLog.undecodable(topic.name(), record.partition(), record.offset());
            return;
        }
        try {
            signals.accept(new String(record.key(), UTF_8), record.value() == null ? null : topic.decode(record.value()));
        } catch (UndecodableRecord e) {
            FollowLog.undecodable(topic.name(), record.partition(), record.offset());
        }
    }

    /** A log that is read from its beginning again says everything again; after a truncation the pods do. */
    @Override
    public void interrupted(Interruption interruption, LogSnapshot log, long start) {
        if (start <= log.begin()) {
            begun(log, start);
        }
    }

    @Override
    public boolean isIdle() {
        return signals.isIdle();
    }

    @Override
    public void released() {
        loadingUpTo = LOADED;
        signals.released();
    }
}
