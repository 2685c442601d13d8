package io.millrace.streams;

import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the records that one part of Millrace writes: key, CloudEvents attributes (TOP-1) and the trace context of what caused them. */
public final class Outgoing {
    public static final String TRACE_PARENT = "traceparent";
    public static final String TRACE_STATE = "tracestate";

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
        add(TRACE_PARENT, trace.parent(), headers);
        add(TRACE_STATE, trace.state(), headers);
        return new Record<>(key, value, time.toEpochMilli(), headers);
    }

    public static TraceContext traceOf(Headers headers) {
        var parent = headers.lastHeader(TRACE_PARENT);
        return parent == null ? TraceContext.NONE : new TraceContext(text(parent), text(headers.lastHeader(TRACE_STATE)));
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void add(String name, String value, Headers to) {
        if (value != null) {
            to.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
