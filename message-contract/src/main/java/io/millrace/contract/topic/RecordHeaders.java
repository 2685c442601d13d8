package io.millrace.contract.topic;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** CloudEvents 1.0 attributes in headers, binary mode (TOP-1). {@code id} names the event within its source; a repeat has the same one. */
public final class RecordHeaders {
    private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
    private static final Header CONTENT_TYPE = header("content-type", "application/json");

    private RecordHeaders() {
    }

    /** {@code source} is the part of Millrace that speaks, {@code subject} the room or sender it is about. */
    public static List<Header> cloudEvent(Topic<?> topic, String source, String id, String subject, Instant time) {
        return List.of(SPEC_VERSION, CONTENT_TYPE, header("ce_type", topic.eventType()), header("ce_source", "/millrace/" + source),
                header("ce_id", id), header("ce_subject", subject), header("ce_time", time.toString()));
    }

    public static void add(Headers headers, List<Header> cloudEvent) {
        cloudEvent.forEach(header -> headers.remove(header.key()).add(header));
    }

    private static Header header(String key, String value) {
        return new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
