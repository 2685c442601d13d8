package io.millrace.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the lane scheduler and the room sequencer count. {@code arrived} = {@code absorbed} (resends of what still waits) + {@code waiting} +
 * what went to the inbox; inbox records = {@code synced} + {@code failed} + {@code repeated} + parked ones of the inbox. So over all pods,
 * what ingest accepted = synced + failed + repeated + absorbed + pending, where pending is {@code waiting} and what is not read yet.
 * What a crash takes back and does again is counted again; {@code waiting} is counted anew from the store. {@code write.duration} is the
 * time from acceptance until the scheduler let a message go on or gave it up.
 */
public final class WritePathMeters {
    private static final Duration[] OBJECTIVES = {Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(1)};

    private final MeterRegistry registry;
    private final Counter arrived;
    private final Counter absorbed;
    private final AtomicLong waiting = new AtomicLong();
    private final Counter synced;
    private final Map<ErrorCode, Counter> failed = new EnumMap<>(ErrorCode.class);
    private final Counter repeated;
    private final Map<String, Counter> parked = new ConcurrentHashMap<>();
    private final Counter held;
    private final Counter holesPassed;
    private final Counter attemptsFailed;
    private final Timer duration;

    public WritePathMeters(MeterRegistry registry, Topics topics) {
        this.registry = registry;
        arrived = registry.counter("millrace.lanes.arrived");
        absorbed = registry.counter("millrace.lanes.absorbed");
        Gauge.builder("millrace.lanes.waiting", waiting, AtomicLong::get).register(registry);
        synced = registry.counter("millrace.messages.synced");
        for (ErrorCode code : ErrorCode.values()) {
            failed.put(code, registry.counter("millrace.messages.failed", "code", code.name()));
        }
        repeated = registry.counter("millrace.messages.repeated");
        List.of(topics.text(), topics.media(), topics.attachments(), topics.hookVerdicts(), topics.roomInbox()).forEach(topic -> parkedOf(topic.name()));
        held = registry.counter("millrace.lanes.held");
        holesPassed = registry.counter("millrace.lanes.holes.passed");
        attemptsFailed = registry.counter("millrace.attempts.failed");
        duration = Timer.builder("millrace.write.duration").serviceLevelObjectives(OBJECTIVES).register(registry);
    }

    /** Counts for nobody. */
    public static WritePathMeters unseen() {
        return new WritePathMeters(new CompositeMeterRegistry(), Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION));
    }

    /** A message was read from its lane topic. */
    public void arrived() {
        arrived.increment();
    }

    /** A message came again while it still waits: it needs no answer of its own. */
    public void absorbed() {
        absorbed.increment();
    }

    /** So many messages more, or less, wait in the lanes of this instance. */
    public void waiting(long change) {
        waiting.addAndGet(change);
    }

    public void synced(Duration sinceAcceptance) {
        synced.increment();
        duration.record(sinceAcceptance);
    }

    /** {@code LANE_FULL} here is a lane's limit that was hit. */
    public void failed(ErrorCode code, Duration sinceAcceptance) {
        failed.get(code).increment();
        duration.record(sinceAcceptance);
    }

    public void repeated() {
        repeated.increment();
    }

    /** A record that nothing could decode. */
    public void parked(String topic) {
        parkedOf(topic).increment();
    }

    /** Messages that could not go on at once. */
    public void held() {
        held.increment();
    }

    public void passedHole() {
        holesPassed.increment();
    }

    public void attemptFailed() {
        attemptsFailed.increment();
    }

    private Counter parkedOf(String topic) {
        return parked.computeIfAbsent(topic, name -> registry.counter("millrace.records.parked", "topic", name));
    }
}
