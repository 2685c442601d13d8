package io.millrace.streams.hook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the hook worker counts. Arithmetic: {@code attempts} = all {@code verdicts} + those under way; {@code verdicts} that are unavailable
 * or unchecked = all {@code trouble}; {@code calls} = {@code attempts} − trouble of kind circuit_open or late − {@code calls.in.flight}.
 * A verdict is counted once it is durable, so after a crash attempts are counted again.
 */
final class HookMetrics {
    private static final String VERDICTS = "millrace.hook.verdicts";

    private final MeterRegistry registry;
    private final int concurrency;
    private final AtomicInteger inFlight;
    private final AtomicInteger circuitOpen;

    HookMetrics(MeterRegistry registry, int concurrency) {
        this.registry = registry;
        this.concurrency = concurrency;
        inFlight = registry.gauge("millrace.hook.calls.in.flight", new AtomicInteger());
        circuitOpen = registry.gauge("millrace.hook.circuit.open", new AtomicInteger());
        Gauge.builder("millrace.hook.concurrency", () -> concurrency).register(registry);
    }

    void attempted() {
        registry.counter("millrace.hook.attempts").increment();
    }

    void undecodable() {
        registry.counter("millrace.hook.undecodable").increment();
    }

    Timer.Sample called() {
        if (inFlight.incrementAndGet() == concurrency) {
            registry.counter("millrace.hook.saturated").increment();
        }
        return Timer.start(registry);
    }

    void ended(Timer.Sample call, boolean answered) {
        inFlight.decrementAndGet();
        call.stop(registry.timer("millrace.hook.calls", Tags.of("outcome", answered ? "answered" : "trouble")));
    }

    void trouble(HookAnswer.Trouble.Kind kind) {
        registry.counter("millrace.hook.trouble", Tags.of("kind", kind.name().toLowerCase(Locale.ROOT))).increment();
    }

    /** Whether that is news. */
    boolean circuitTurns(boolean open) {
        return circuitOpen.getAndSet(open ? 1 : 0) != (open ? 1 : 0);
    }

    /** A verdict that is durable. */
    void given(HookAnswer answer) {
        registry.counter(VERDICTS, Tags.of("verdict", kind(answer))).increment();
    }

    private static String kind(HookAnswer answer) {
        if (answer instanceof HookAnswer.Allowed allowed) {
            return allowed.changes() ? "changed" : "allowed";
        }
        if (answer instanceof HookAnswer.Refused) {
            return "refused";
        }
        return answer instanceof HookAnswer.Unchecked ? "unchecked" : "unavailable";
    }
}
