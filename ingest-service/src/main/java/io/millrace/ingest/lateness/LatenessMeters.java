package io.millrace.ingest.lateness;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What ingest knows of the pipeline behind it: {@code lateness} in seconds, and looks = {@code known} + {@code unknown}. */
@Singleton
class LatenessMeters {
    private static final double MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);

    private final MeterRegistry registry;
    private final AtomicReference<Duration> lateness = new AtomicReference<>(Duration.ZERO);
    private final Gauge gauge;
    private final Counter known;
    private final Counter unknown;

    @Inject
    LatenessMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge = Gauge.builder("millrace.ingest.lateness", lateness, value -> value.get().toMillis() / MILLIS_PER_SECOND).baseUnit("seconds").register(registry);
        known = registry.counter("millrace.ingest.lateness.looks", "outcome", "known");
        unknown = registry.counter("millrace.ingest.lateness.looks", "outcome", "unknown");
    }

    void known(Duration now) {
        known.increment();
        lateness.set(now);
    }

    void unknown(Duration assumed) {
        unknown.increment();
        lateness.set(assumed);
    }

    /** A registry may outlive this service: what it shows must not. */
    @PreDestroy
    void end() {
        registry.remove(gauge);
    }
}
