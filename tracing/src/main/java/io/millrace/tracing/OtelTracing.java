package io.millrace.tracing;

import io.micrometer.core.instrument.Counter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Traces with OpenTelemetry. Whether a message is traced is decided once, where it enters, and travels with it. */
final class OtelTracing implements Tracing {
    private static final String VERSION = "00-";
    private static final String SAMPLED = "-01";
    private static final String DROPPED = "-00"; // by a sampler of the operator's

    private final Tracer tracer;
    private final StepIds ids;
    private final double ratio;
    private final boolean followsClients;
    private final Counter spans;
    private final Runnable end;

    /** {@code ids} must be the tracer's generator; {@code ratio} is the part of messages without a client's context that are traced. */
    OtelTracing(Tracer tracer, StepIds ids, double ratio, boolean followsClients, Counter spans, Runnable end) {
        this.tracer = tracer;
        this.ids = ids;
        this.ratio = ratio;
        this.followsClients = followsClients;
        this.spans = spans;
        this.end = end;
    }

    @Override
    public MessageSpan enter(String step, TraceContext client) {
        if (followsClients && client.parent() != null) {
            return client.isSampled() ? recorded(tracer.spanBuilder(step).setParent(below(client)).setSpanKind(SpanKind.PRODUCER).startSpan(), client.state())
                    : MessageSpan.passing(client);
        }
        if (ratio <= 0 || ratio < 1 && ThreadLocalRandom.current().nextDouble() >= ratio) {
            return MessageSpan.passing(TraceContext.NONE);
        }
        return recorded(tracer.spanBuilder(step).setNoParent().setSpanKind(SpanKind.PRODUCER).startSpan(), null);
    }

    @Override
    public MessageSpan step(String step, TraceContext reachedWith, Instant from) {
        if (!reachedWith.isSampled()) {
            return MessageSpan.passing(reachedWith);
        }
        ids.choose(StepIds.idOf(step, reachedWith));
        return recorded(tracer.spanBuilder(step).setParent(below(reachedWith)).setSpanKind(SpanKind.CONSUMER).setStartTimestamp(from).startSpan(), reachedWith.state());
    }

    @Override
    public TraceContext within(String step, TraceContext reachedWith) {
        return reachedWith.isSampled() ? reachedWith.child(StepIds.idOf(step, reachedWith)) : reachedWith;
    }

    @Override
    public boolean follows(TraceContext context) {
        return context.isSampled();
    }

    @Override
    public void close() {
        end.run();
    }

    private MessageSpan recorded(Span span, String state) {
        var at = span.getSpanContext();
        spans.increment();
        return MessageSpan.of(new TraceContext(VERSION + at.getTraceId() + "-" + at.getSpanId() + (at.isSampled() ? SAMPLED : DROPPED), state), span);
    }

    private static Context below(TraceContext parent) {
        var remote = SpanContext.createFromRemoteParent(parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
        return Context.root().with(Span.wrap(remote));
    }
}
