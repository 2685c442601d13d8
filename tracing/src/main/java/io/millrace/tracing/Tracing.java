package io.millrace.tracing;

import java.time.Instant;

/** Makes the spans of messages, or none: what is off, or not sampled, costs a comparison and hands the client's context through. Safe on any thread. */
public interface Tracing extends AutoCloseable {
    /** A message has come from a client: below the client's own span where it sent one, else the root of a trace, for a part of the messages. */
    MessageSpan enter(String step, TraceContext client);

    /** The step of a message that came here with {@code reachedWith}. The same step reached with the same context is the same span, however often it is done. */
    MessageSpan step(String step, TraceContext reachedWith, Instant from);

    /** The context of that step before it ends, for what is asked of others meanwhile. */
    TraceContext within(String step, TraceContext reachedWith);

    /** Whether a message with this context is traced. */
    boolean follows(TraceContext context);

    @Override
    void close();

    static Tracing off() {
        return NoTracing.INSTANCE;
    }
}
