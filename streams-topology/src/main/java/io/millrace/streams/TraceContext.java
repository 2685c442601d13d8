package io.millrace.streams;

/** The W3C trace context of what a client sent, carried from record to record (TOP-1); a part that is absent is null. */
public record TraceContext(String parent, String state) {
    public static final TraceContext NONE = new TraceContext(null, null);
}
