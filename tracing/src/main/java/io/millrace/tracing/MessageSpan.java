package io.millrace.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;

/** One step of a message's way, or nothing where the message is not traced; {@link #context} goes on with the message either way. One thread at a time. */
public final class MessageSpan {
    private static final MessageSpan NOTHING = new MessageSpan(TraceContext.NONE, null);

    private final TraceContext context;
    private final Span span;

    private MessageSpan(TraceContext context, Span span) {
        this.context = context;
        this.span = span;
    }

    static MessageSpan of(TraceContext context, Span span) {
        return new MessageSpan(context, span);
    }

    /** Records nothing and hands the context through. */
    static MessageSpan passing(TraceContext context) {
        return context == TraceContext.NONE ? NOTHING : new MessageSpan(context, null);
    }

    public TraceContext context() {
        return context;
    }

    /** Whether it is worth describing. */
    public boolean isRecorded() {
        return span != null;
    }

    public MessageSpan with(String attribute, String value) {
        if (span != null && value != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public MessageSpan with(String attribute, long value) {
        if (span != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    /** The message went no further; {@code code} says why, without any of its content. */
    public MessageSpan failed(String code) {
        if (span != null) {
            span.setStatus(StatusCode.ERROR, code);
        }
        return this;
    }

    public void end() {
        if (span != null) {
            span.end();
        }
    }

    public void end(Instant at) {
        if (span != null) {
            span.end(at);
        }
    }
}
