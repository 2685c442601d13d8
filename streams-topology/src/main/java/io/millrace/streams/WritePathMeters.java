package io.millrace.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import java.time.Duration;

/**
 * What the lane scheduler and the room sequencer count. Inbox records = {@code synced} + {@code failed} + {@code repeated} + parked ones of
 * the inbox; accepted messages = {@code synced} + {@code failed} + those that still wait. What a crash takes back and does again is counted
 * again. {@code write.duration} is the time from acceptance until the scheduler let a message go on or gave it up.
 */
public final class WritePathMeters {
    private final MeterRegistry registry;
    private final Counter synced;
    private final Counter repeated;
    private final Counter held;
    private final Counter holesPassed;
    private final Counter attemptsFailed;
    private final Timer duration;

    public WritePathMeters(MeterRegistry registry) {
        this.registry = registry;
        synced = registry.counter("millrace.messages.synced");
        repeated = registry.counter("millrace.messages.repeated");
        held = registry.counter("millrace.lanes.held");
        holesPassed = registry.counter("millrace.lanes.holes.passed");
        attemptsFailed = registry.counter("millrace.attempts.failed");
        duration = registry.timer("millrace.write.duration");
    }

    /** Counts for nobody. */
    public static WritePathMeters unseen() {
        return new WritePathMeters(new CompositeMeterRegistry());
    }

    public void synced(Duration sinceAcceptance) {
        synced.increment();
        duration.record(sinceAcceptance);
    }

    /** {@code LANE_FULL} here is a lane's limit that was hit. */
    public void failed(ErrorCode code, Duration sinceAcceptance) {
        registry.counter("millrace.messages.failed", "code", code.name()).increment();
        duration.record(sinceAcceptance);
    }

    public void repeated() {
        repeated.increment();
    }

    /** A record that nothing could decode. */
    public void parked(String topic) {
        registry.counter("millrace.records.parked", "topic", topic).increment();
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
}
