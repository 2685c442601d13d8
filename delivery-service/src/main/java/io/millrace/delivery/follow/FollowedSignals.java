package io.millrace.delivery.follow;

import io.millrace.contract.record.SignalRecord;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.delivery.room.Interruption;
import io.millrace.delivery.signal.PartitionSignals;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A partition of the room signals, read from now on: what was true before does not matter. */
final class FollowedSignals implements Followed {
    private final Topic<SignalRecord> topic;
    private final PartitionSignals signals;

    FollowedSignals(Topic<SignalRecord> topic, PartitionSignals signals) {
        this.topic = topic;
        this.signals = signals;
    }

    @Override
    public void begun(LogSnapshot log, long start) {
        signals.listening();
    }

    @Override
    public void unfollowable(Throwable cause) {
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        try {
            signals.accept(topic.decode(record.value()));
        } catch (UndecodableRecord e) {
            FollowLog.undecodable(topic.name(), record.partition(), record.offset());
        }
    }

    @Override
    public void interrupted(Interruption interruption, LogSnapshot log, long start) {
    }

    @Override
    public boolean isIdle() {
        return signals.isIdle();
    }

    @Override
    public void released() {
    }
}
