package io.millrace.delivery.follow;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Who reads a followed partition. Called on the follower's thread; must not block. */
interface PartitionReader {
    /** The next records; everything below {@code position} has been read, control records included, the last of it of {@code leaderEpoch}. */
    void records(List<ConsumerRecord<byte[], byte[]>> records, long position, int leaderEpoch);

    /** Whether so much handed over is not worked off yet that no more must come. */
    boolean isBusy();

    /** The log could not be read at {@code position}; it is not followed any more. */
    void brokeOff(long position);
}
