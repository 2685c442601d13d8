package io.millrace.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.DiscontinuityReason;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What delivery counts. For every subscription: entries after its cursor = delivered + replayed + those of its discontinuities
 * ({@code millrace.delivery.lost}) + those it is still behind. {@code repeats} never reach a client; those that {@code differ} are an alarm.
 * Discontinuities told = {@code discontinuities.recorded} + {@code discontinuities.unrecorded} + those on their way to the topic.
 * Questions put to the log while the history view is away = {@code log.questions} answered + failed + refused + {@code log.waiting}.
 * {@code lags} are the times a subscription fell behind, {@code lagging} those that are behind now; {@code age} is how old an entry was, by
 * the time of its acceptance, when this pod read it for somebody.
 */
@Singleton
public class DeliveryMetrics {
    private static final Duration[] OBJECTIVES = {Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(1)};

    private final MeterRegistry registry;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong subscriptions = new AtomicLong();
    private final AtomicLong lagging = new AtomicLong();
    private final AtomicLong logWaiting = new AtomicLong();
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
    final Counter recorded;
    final Counter unrecorded;
    final Counter historyPages;
    final Counter held;
    final Counter logAnswered;
    final Counter logFailed;
    final Counter logRefused;
    final Counter logBytes;
    private final Counter lags;
    private final Timer age;
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Map<DiscontinuityReason, Counter> discontinuities = new EnumMap<>(DiscontinuityReason.class);
    private final Map<DiscontinuityReason, DistributionSummary> lost = new EnumMap<>(DiscontinuityReason.class);

    @Inject
    DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauges = List.of(gauge("connections", connections), gauge("subscriptions", subscriptions), gauge("lagging", lagging), gauge("log.waiting", logWaiting),
                Gauge.builder("millrace.delivery.waiting.bytes", waitingBytes, LongAdder::doubleValue).register(registry));
        delivered = entries("live");
        replayed = entries("replay");
        deliveredBytes = registry.counter("millrace.delivery.bytes", "kind", "live");
        replayedBytes = registry.counter("millrace.delivery.bytes", "kind", "replay");
        sameRepeats = registry.counter("millrace.delivery.repeats", "content", "same");
        differingRepeats = registry.counter("millrace.delivery.repeats", "content", "differs");
        undecodable = registry.counter("millrace.delivery.undecodable");
        unavailable = registry.counter("millrace.delivery.unavailable");
        recorded = registry.counter("millrace.delivery.discontinuities.recorded");
        unrecorded = registry.counter("millrace.delivery.discontinuities.unrecorded");
        held = registry.counter("millrace.delivery.followers.held");
        historyPages = registry.counter("millrace.delivery.history.pages");
        logAnswered = logQuestions("answered");
        logFailed = logQuestions("failed");
        logRefused = logQuestions("refused");
        logBytes = registry.counter("millrace.delivery.log.bytes");
        lags = registry.counter("millrace.delivery.lags");
        age = Timer.builder("millrace.delivery.age").serviceLevelObjectives(OBJECTIVES).register(registry);
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, registry.counter("millrace.delivery.refused", "code", code.name()));
        }
        for (DiscontinuityReason reason : DiscontinuityReason.values()) { // from the start: a rise from nothing is a rise
            discontinuities.put(reason, registry.counter("millrace.delivery.discontinuities", "reason", reason.name()));
            lost.put(reason, registry.summary("millrace.delivery.lost", "reason", reason.name()));
        }
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
        refused.get(code).increment();
    }

    public void pageSent() {
        historyPages.increment();
    }

    void logWaiting(int change) {
        logWaiting.addAndGet(change);
    }

    void lagging(int change) {
        lagging.addAndGet(change);
        if (change > 0) {
            lags.increment(change);
        }
    }

    /** An entry that was accepted at {@code acceptedAt}, in ms since the epoch, has come. */
    void read(long acceptedAt) {
        age.record(Math.max(0, System.currentTimeMillis() - acceptedAt), TimeUnit.MILLISECONDS);
    }

    void discontinuity(DiscontinuityReason reason, long entries) {
        discontinuities.get(reason).increment();
        lost.get(reason).record(entries);
    }

    /** A registry may outlive this service: what it shows must not. */
    @PreDestroy
    void end() {
        gauges.forEach(registry::remove);
    }

    private Gauge gauge(String name, AtomicLong value) {
        return Gauge.builder("millrace.delivery." + name, value, AtomicLong::doubleValue).register(registry);
    }

    private Counter logQuestions(String outcome) {
        return registry.counter("millrace.delivery.log.questions", "outcome", outcome);
    }

    private Counter entries(String kind) {
        return registry.counter("millrace.delivery.entries", "kind", kind);
    }
}
