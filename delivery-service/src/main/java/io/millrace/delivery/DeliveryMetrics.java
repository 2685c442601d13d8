package io.millrace.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.DiscontinuityReason;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What delivery counts. For every subscription: entries after its cursor = delivered + replayed + those of its discontinuities
 * ({@code millrace.delivery.lost}) + those it is still behind. {@code repeats} never reach a client; those that {@code differ} are an alarm.
 * Discontinuities told = recorded on the topic + {@code discontinuities.unrecorded}.
 */
@Singleton
public class DeliveryMetrics {
    private final MeterRegistry registry;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();
    private final AtomicLong lagging = new AtomicLong();
    private final LongAdder waitingBytes = new LongAdder();
    private final List<Gauge> gauges;
    final Counter delivered;
    final Counter deliveredBytes;
    final Counter replayed;
    final Counter replayedBytes;
    final Counter sameRepeats;
    final Counter differingRepeats;
    final Counter undecodable;
    final Counter unavailable;
    final Counter unrecorded;
    final Counter historyPages;
    final Counter held;

    @Inject
    DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauges = List.of(gauge("connections", connections), gauge("subscriptions", subscriptions), gauge("lagging", lagging),
                Gauge.builder("millrace.delivery.waiting.bytes", waitingBytes, LongAdder::doubleValue).register(registry));
        delivered = entries("live");
        replayed = entries("replay");
        deliveredBytes = registry.counter("millrace.delivery.bytes", "kind", "live");
        replayedBytes = registry.counter("millrace.delivery.bytes", "kind", "replay");
        sameRepeats = registry.counter("millrace.delivery.repeats", "content", "same");
        differingRepeats = registry.counter("millrace.delivery.repeats", "content", "differs");
        undecodable = registry.counter("millrace.delivery.undecodable");
        unavailable = registry.counter("millrace.delivery.unavailable");
        unrecorded = registry.counter("millrace.delivery.discontinuities.unrecorded");
        held = registry.counter("millrace.delivery.followers.held");
        historyPages = registry.counter("millrace.delivery.history.pages");
    }

    public void connection(int change) {
        connections.addAndGet(change);
    }

    public void subscription(int change) {
        subscriptions.addAndGet(change);
    }

    /** Bytes that wait for clients, all together; at most the outbound buffer each. */
    public LongAdder waitingBytes() {
        return waitingBytes;
    }

    public void refused(ErrorCode code) {
        registry.counter("millrace.delivery.refused", "code", code.name()).increment();
    }

    public void pageSent() {
        historyPages.increment();
    }

    void lagging(int change) {
        lagging.addAndGet(change);
    }

    void discontinuity(DiscontinuityReason reason, long lost) {
        registry.counter("millrace.delivery.discontinuities", "reason", reason.name()).increment();
        DistributionSummary.builder("millrace.delivery.lost").tag("reason", reason.name()).register(registry).record(lost);
    }

    /** A registry may outlive this service: what it shows must not. */
    @PreDestroy
    void end() {
        gauges.forEach(registry::remove);
    }

    private Gauge gauge(String name, AtomicLong value) {
        return Gauge.builder("millrace.delivery." + name, value, AtomicLong::doubleValue).register(registry);
    }

    private Counter entries(String kind) {
        return registry.counter("millrace.delivery.entries", "kind", kind);
    }
}
