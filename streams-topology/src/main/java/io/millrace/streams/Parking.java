package io.millrace.streams;

import io.millrace.contract.record.Failure.Undecodable;
import io.millrace.contract.record.Failure;
import io.millrace.contract.topic.Topic;
import io.millrace.tracing.TraceContext;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Makes the failure record of what nothing could decode (SYN-8): byte for byte, with where it stood, so that the partition goes on and
 * nothing is lost. A function of the record alone: its own key and time, never a clock.
 */
public final class Parking {
    private static final byte[] NO_KEY = {};

    private final Topic<Failure> failures;
    private final Outgoing outgoing;

    public Parking(Topic<Failure> failures, Outgoing outgoing) {
        this.failures = failures;
        this.outgoing = outgoing;
    }

    public Record<byte[], byte[]> park(Record<byte[], byte[]> unreadable, RecordMetadata stood) {
        var at = Instant.ofEpochMilli(Math.max(0, unreadable.timestamp()));
        var kept = new Undecodable(stood.topic(), stood.partition(), stood.offset(), unreadable.key(), unreadable.value());
        var failure = new Failure(null, null, null, null, null, null, null, null, null, at, kept);
        var id = stood.topic() + "/" + stood.partition() + "/" + stood.offset();
        var key = unreadable.key() == null ? NO_KEY : unreadable.key();
        return outgoing.record(failures, key, stood.topic(), failures.encode(failure), id, at, TraceContext.of(unreadable.headers()));
    }
}
