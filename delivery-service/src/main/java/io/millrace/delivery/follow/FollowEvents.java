package io.millrace.delivery.follow;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is worth counting or tracing about following, and about reading again what was followed. Called on followers' threads and owners; must not block. */
public interface FollowEvents extends ScanEvents {
    /** Hand-over to an owner is held up: it has more to do than it may keep. */
    void held();

    /** A record of the room log was read and, within {@code nanos}, handed to {@code receivers} clients that were waiting for it. */
    void handedOn(ConsumerRecord<byte[], byte[]> record, int receivers, long nanos);
}
