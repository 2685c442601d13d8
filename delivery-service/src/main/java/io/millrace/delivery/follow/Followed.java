package io.millrace.delivery.follow;

import io.millrace.delivery.room.Interruption;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is made of a followed partition's records. Called on the partition's owner only. */
interface Followed {
    /** Where reading begins when someone needs the partition. */
    default long start(LogSnapshot log) {
        return log.lastStable();
    }

    /** Records from {@code start} on will come. */
    void begun(LogSnapshot log, long start);

    /** The partition cannot be followed now; whoever waits for it should be told. */
    void unfollowable(Throwable cause);

    void record(ConsumerRecord<byte[], byte[]> record);

    /** Everything below {@code position} has been read, control records included, the last of it of {@code leaderEpoch}. */
    default void readUpTo(long position, int leaderEpoch) {
    }

    /** The log broke off; records from {@code start} on come next. */
    void interrupted(Interruption interruption, LogSnapshot log, long start);

    /** Whether nobody needs the partition now. */
    boolean isIdle();

    void released();
}
