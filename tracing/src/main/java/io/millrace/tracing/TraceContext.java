package io.millrace.tracing;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The W3C trace context of what a client sent, carried from record to record (TOP-1); a part that is absent is null. */
public record TraceContext(String parent, String state) {
    public static final TraceContext NONE = new TraceContext(null, null);
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final Pattern WELL_FORMED = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int TRACE_ID = 3;
    private static final int SPAN_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /** Of a client's {@code traceparent} and {@code tracestate}; what is not well formed is as good as absent. */
    public static TraceContext ofClient(String parent, String state) {
        return parent == null || parent.length() != LENGTH || !WELL_FORMED.matcher(parent).matches() ? NONE : new TraceContext(parent, state);
    }

    public static TraceContext of(Headers headers) {
        var parent = headers.lastHeader(PARENT);
        return parent == null ? NONE : new TraceContext(text(parent), text(headers.lastHeader(STATE)));
    }

    public void addTo(Headers headers) {
        add(PARENT, parent, headers);
        add(STATE, state, headers);
    }

    /** Whether whoever began the trace wants it recorded. */
    public boolean isSampled() {
        return parent != null && parent.length() == LENGTH && (Character.digit(parent.charAt(FLAGS + 1), 16) & 1) == 1;
    }

    String traceId() {
        return parent.substring(TRACE_ID, SPAN_ID - 1);
    }

    String spanId() {
        return parent.substring(SPAN_ID, FLAGS - 1);
    }

    /** The context of a span below this one. */
    TraceContext child(String spanId) {
        return new TraceContext(parent.substring(0, SPAN_ID) + spanId + parent.substring(FLAGS - 1), state);
    }

    private static void add(String name, String value, Headers to) {
        if (value != null) {
            to.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
