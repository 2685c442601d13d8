package io.millrace.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.record.DiscontinuityReason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What delivery counts. For every subscription: entries after its cursor = delivered + replayed + those of its discontinuities
 * ({@code millrace.delivery.lost}) + those it is still behind. {@code repeats} never reach a client; those that {@code differ} are an alarm.
 * Discontinuities told = recorded on the topic + {@code discontinuities.unrecorded}.
 */
@Singleton
public class DeliveryMetrics {
    private final MeterRegistry registry;
    private final AtomicLong connections;
    private final AtomicLong subscriptions;
    private final AtomicLong lagging;
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

    @Inject
    DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        connections = registry.gauge("millrace.delivery.connections", new AtomicLong());
        subscriptions = registry.gauge("millrace.delivery.subscriptions", new AtomicLong());
        lagging = registry.gauge("millrace.delivery.lagging", new AtomicLong());
        delivered = entries("live");
        replayed = entries("replay");
        deliveredBytes = registry.counter("millrace.delivery.bytes", "kind", "live");
        replayedBytes = registry.counter("millrace.delivery.bytes", "kind", "replay");
        sameRepeats = registry.counter("millrace.delivery.repeats", "content", "same");
        differingRepeats = registry.counter("millrace.delivery.repeats", "content", "differs");
        undecodable = registry.counter("millrace.delivery.undecodable");
        unavailable = registry.counter("millrace.delivery.unavailable");
        unrecorded = registry.counter("millrace.delivery.discontinuities.unrecorded");
        historyPages = registry.counter("millrace.delivery.history.pages");
    }

    public void connection(int change) {
        connections.addAndGet(change);
    }

    public void subscription(int change) {
        subscriptions.addAndGet(change);
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

    private Counter entries(String kind) {
        return registry.counter("millrace.delivery.entries", "kind", kind);
    }
}
