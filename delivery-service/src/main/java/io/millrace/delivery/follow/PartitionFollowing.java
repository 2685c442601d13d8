package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.room.Interruption;
import io.millrace.delivery.room.Owner;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The following of one partition on its owner: begins at the last stable offset, or where it is told, when someone needs it, goes on from what is there when the log
 * breaks off (CON-4), ends some time after nobody does any more. What the follower's thread hands over is bounded.
 */
final class PartitionFollowing {
    private static final int RECORDS_PER_TASK = 64;
    private static final int RECORD_OVERHEAD = 64;

    private final int partition;
    private final TopicFollower follower;
    private final KafkaTruth truth;
    private final Owner owner;
    private final Followed followed;
    private final FollowSettings settings;
    private State state = State.RELEASED;
    private LogSnapshot begun;
    private long readUpTo;
    private int readEpoch;
    private Reading reading;
    private boolean releaseDue;

    PartitionFollowing(int partition, TopicFollower follower, KafkaTruth truth, Owner owner, Followed followed, FollowSettings settings) {
        this.partition = partition;
        this.follower = follower;
        this.truth = truth;
        this.owner = owner;
        this.followed = followed;
        this.settings = settings;
    }

    Owner owner() {
        return owner;
    }

    void need() {
        if (state == State.RELEASED) {
            state = State.STARTING;
            lookUp(this::begin, this::unfollowable);
        }
    }

    /** Looks after a while whether anyone still needs the partition. */
    void mayRelease() {
        if (!releaseDue) {
            releaseDue = true;
            owner.after(settings.releaseAfter(), this::releaseIfIdle);
        }
    }

    /** The topic may have been made anew: looks again before it reads on. */
    void verify() {
        if (state == State.FOLLOWING) {
            follower.release(partition);
            brokeOff(reading, readUpTo);
        }
    }

    private void lookUp(Consumer<LogSnapshot> found, Consumer<Throwable> otherwise) {
        truth.snapshot(partition).whenCompleteAsync((snapshot, failure) -> {
            if (failure != null) {
                otherwise.accept(failure);
            } else if (snapshot.partitions() != settings.partitions()) {
                otherwise.accept(new IllegalStateException("the topic has " + snapshot.partitions() + " partitions, wanted " + settings.partitions()));
            } else {
                found.accept(snapshot);
            }
        }, owner);
    }

    private void begin(LogSnapshot log) {
        long start = followed.start(log);
        followed.begun(log, start);
        read(log, start);
        mayRelease();
    }

    private void unfollowable(Throwable cause) {
        FollowLog.unfollowable(follower.topic(), partition, cause);
        state = State.RELEASED;
        followed.unfollowable(cause);
    }

    private void read(LogSnapshot log, long start) {
        FollowLog.followed(follower.topic(), partition, start);
        state = State.FOLLOWING;
        begun = log;
        readUpTo = start;
        readEpoch = log.leaderEpoch();
        reading = new Reading();
        follower.follow(partition, start, readEpoch, reading);
    }

    private void brokeOff(Reading broken, long position) {
        if (broken == reading && state == State.FOLLOWING) {
            state = State.BROKEN_OFF;
            reading = null;
            resume(position);
        }
    }

    private void resume(long position) {
        lookUp(log -> compare(log, position), trouble -> resumeLater(position));
    }

    private void resumeLater(long position) {
        owner.after(settings.retryAfter(), () -> resume(position));
    }

    /** Under a later leader the log may have been cut and have grown again: its length alone proves nothing. */
    private void compare(LogSnapshot log, long position) {
        boolean sameLeader = readEpoch == Cursor.NO_EPOCH || readEpoch >= log.leaderEpoch();
        if (sameLeader || !log.topicId().equals(begun.topicId())) {
            resume(log, position, log.end());
            return;
        }
        truth.epochEnd(partition, readEpoch, log.leaderEpoch()).whenCompleteAsync((end, failure) -> {
            if (failure == null) {
                resume(log, position, Math.min(end, log.end()));
            } else {
                resumeLater(position);
            }
        }, owner);
    }

    /** The log is the one that was read up to {@code shared}. */
    private void resume(LogSnapshot log, long position, long shared) {
        if (!log.topicId().equals(begun.topicId())) {
            goOn(Interruption.RECREATED, log, log.begin());
        } else if (shared < position) {
            goOn(new Interruption.Truncated(shared), log, log.lastStable());
        } else if (log.begin() > position) {
            goOn(Interruption.SKIPPED, log, log.begin());
        } else {
            read(log, position);
        }
    }

    private void goOn(Interruption interruption, LogSnapshot log, long start) {
        FollowLog.brokeOff(follower.topic(), partition, readUpTo, interruption);
        followed.interrupted(interruption, log, start);
        read(log, start);
    }

    private void releaseIfIdle() {
        releaseDue = false;
        if (!followed.isIdle() || state == State.RELEASED) {
            return;
        }
        if (state == State.FOLLOWING) {
            state = State.RELEASED;
            reading = null;
            follower.release(partition);
            followed.released();
        } else {
            mayRelease();
        }
    }

    private enum State {
        RELEASED, STARTING, FOLLOWING, BROKEN_OFF
    }

    /** One unbroken run of reading; what comes late from a former run is ignored. */
    private final class Reading implements PartitionReader {
        private final AtomicLong backlogBytes = new AtomicLong();

        @Override
        public void records(List<ConsumerRecord<byte[], byte[]>> records, long position, int leaderEpoch) {
            for (int from = 0; from < records.size(); from += RECORDS_PER_TASK) {
                hand(records.subList(from, Math.min(records.size(), from + RECORDS_PER_TASK)));
            }
            owner.execute(() -> {
                if (reading == this) {
                    readUpTo = position;
                    readEpoch = Math.max(readEpoch, leaderEpoch);
                    followed.readUpTo(position, leaderEpoch);
                }
            });
        }

        private void hand(List<ConsumerRecord<byte[], byte[]>> records) {
            long bytes = records.stream().mapToLong(record -> Math.max(0, record.serializedValueSize()) + RECORD_OVERHEAD).sum();
            backlogBytes.addAndGet(bytes);
            owner.execute(() -> {
                backlogBytes.addAndGet(-bytes);
                records.forEach(this::take);
            });
        }

        /** A record that cannot be handled is our defect; what it should have done is made good as if it had been skipped. */
        private void take(ConsumerRecord<byte[], byte[]> record) {
            if (reading != this) {
                return;
            }
            try {
                followed.record(record);
            } catch (RuntimeException e) {
                FollowLog.bug(follower.topic(), e);
                followed.interrupted(Interruption.SKIPPED, begun, record.offset() + 1);
            }
        }

        @Override
        public boolean isBusy() {
            return backlogBytes.get() > settings.backlogBytes();
        }

        @Override
        public void brokeOff(long position) {
            owner.execute(() -> PartitionFollowing.this.brokeOff(this, position));
        }
    }
}
