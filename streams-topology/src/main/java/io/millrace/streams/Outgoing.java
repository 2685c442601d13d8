package io.millrace.streams;

import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.tracing.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the records that one part of Millrace writes: key, CloudEvents attributes (TOP-1) and the trace context of what caused them. */
public final class Outgoing {
    private final String source;

    /** {@code source} names the part that speaks, as in the CloudEvents source. */
    public Outgoing(String source) {
        this.source = source;
    }

    /** {@code key} is also what the event is about; {@code id} names the event: the same for every repeat of it. */
    public <V> Record<byte[], V> record(Topic<?> topic, String key, V value, String id, Instant time, TraceContext trace) {
        return record(topic, key.getBytes(StandardCharsets.UTF_8), key, value, id, time, trace);
    }

    /** As above, for a key that is not the subject or no text at all. */
    public <V> Record<byte[], V> record(Topic<?> topic, byte[] key, String subject, V value, String id, Instant time, TraceContext trace) {
        var headers = new org.apache.kafka.common.header.internals.RecordHeaders(RecordHeaders.cloudEvent(topic, source, id, subject, time));
        trace.addTo(headers);
        return new Record<>(key, value, time.toEpochMilli(), headers);
    }
}
