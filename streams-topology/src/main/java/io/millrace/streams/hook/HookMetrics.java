package io.millrace.streams.hook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the hook worker counts. Arithmetic: {@code attempts} = all {@code verdicts} + those under way; {@code verdicts} that are unavailable
 * or unchecked = all {@code trouble}; {@code calls} = {@code attempts} − trouble of kind circuit_open or late − {@code calls.in.flight}.
 * A verdict is counted once it is durable, so after a crash attempts are counted again.
 */
final class HookMetrics {
    private final MeterRegistry registry;
    private final int concurrency;
    private final AtomicInteger inFlight;
    private final AtomicInteger circuitOpen;
    private final Counter attempts;
    private final Counter undecodable;
    private final Counter saturated;
    private final Timer answered;
    private final Timer troubled;
    private final Map<HookAnswer.Trouble.Kind, Counter> trouble = new EnumMap<>(HookAnswer.Trouble.Kind.class);
    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);

    HookMetrics(MeterRegistry registry, int concurrency) {
        this.registry = registry;
        this.concurrency = concurrency;
        inFlight = registry.gauge("millrace.hook.calls.in.flight", new AtomicInteger());
        circuitOpen = registry.gauge("millrace.hook.circuit.open", new AtomicInteger());
        Gauge.builder("millrace.hook.concurrency", () -> concurrency).register(registry);
        attempts = registry.counter("millrace.hook.attempts");
        undecodable = registry.counter("millrace.hook.undecodable");
        saturated = registry.counter("millrace.hook.saturated");
        answered = registry.timer("millrace.hook.calls", "outcome", "answered");
        troubled = registry.timer("millrace.hook.calls", "outcome", "trouble");
        for (var kind : HookAnswer.Trouble.Kind.values()) {
            trouble.put(kind, registry.counter("millrace.hook.trouble", "kind", lower(kind)));
        }
        for (var verdict : Verdict.values()) {
            verdicts.put(verdict, registry.counter("millrace.hook.verdicts", "verdict", lower(verdict)));
        }
    }

    void attempted() {
        attempts.increment();
    }

    void undecodable() {
        undecodable.increment();
    }

    Timer.Sample called() {
        if (inFlight.incrementAndGet() == concurrency) {
            saturated.increment();
        }
        return Timer.start(registry);
    }

    void ended(Timer.Sample call, boolean wasAnswered) {
        inFlight.decrementAndGet();
        call.stop(wasAnswered ? answered : troubled);
    }

    void trouble(HookAnswer.Trouble.Kind kind) {
        trouble.get(kind).increment();
    }

    /** Whether that is news. */
    boolean circuitTurns(boolean open) {
        return circuitOpen.getAndSet(open ? 1 : 0) != (open ? 1 : 0);
    }

    /** A verdict that is durable. */
    void given(HookAnswer answer) {
        verdicts.get(Verdict.of(answer)).increment();
    }

    static String verdict(HookAnswer answer) {
        return lower(Verdict.of(answer));
    }

    private static String lower(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }

    private enum Verdict {
        ALLOWED, CHANGED, REFUSED, UNCHECKED, UNAVAILABLE;

        static Verdict of(HookAnswer answer) {
            if (answer instanceof HookAnswer.Allowed allowed) {
                return allowed.changes() ? CHANGED : ALLOWED;
            }
            if (answer instanceof HookAnswer.Refused) {
                return REFUSED;
            }
            return answer instanceof HookAnswer.Unchecked ? UNCHECKED : UNAVAILABLE;
        }
    }
}
