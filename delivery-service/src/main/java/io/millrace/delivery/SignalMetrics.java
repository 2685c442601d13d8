package io.millrace.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.delivery.signal.SignalEvents;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What delivery counts of room signals (ROOM-1..5). {@code told} are frames handed to clients' outboxes; what an outbox turned away or threw
 * out is {@code dropped} (DEL-7). {@code written} + {@code unwritten} are the records tried.
 */
@Singleton
public class SignalMetrics implements SignalEvents {
    private static final String PREFIX = "millrace.delivery.signals.";

    private final MeterRegistry registry;
    private final AtomicLong known = new AtomicLong();
    private final Gauge gauge;
    private final Map<RoomSignalKind, Counter> told;
    private final Map<RoomSignalKind, Counter> heldBack;
    private final Counter dropped;
    private final Counter untracked;
    private final Counter forgotten;
    private final Counter again;
    final Counter written;
    final Counter unwritten;

    @Inject
    SignalMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge = Gauge.builder(PREFIX + "kept", known, AtomicLong::doubleValue).register(registry);
        told = byKind("told");
        heldBack = byKind("held.back");
        dropped = registry.counter(PREFIX + "dropped");
        untracked = registry.counter(PREFIX + "untracked");
        forgotten = registry.counter(PREFIX + "positions.forgotten");
        again = registry.counter(PREFIX + "said.again");
        written = registry.counter(PREFIX + "written");
        unwritten = registry.counter(PREFIX + "unwritten");
    }

    /** A frame that a slow client was not given. */
    public void dropped() {
        dropped.increment();
    }

    @Override
    public void told(RoomSignalKind kind) {
        told.get(kind).increment();
    }

    @Override
    public void heldBack(RoomSignalKind kind) {
        heldBack.get(kind).increment();
    }

    @Override
    public void untracked() {
        untracked.increment();
    }

    @Override
    public void positionForgotten() {
        forgotten.increment();
    }

    @Override
    public void saidAgain() {
        again.increment();
    }

    @Override
    public void kept(int change) {
        known.addAndGet(change);
    }

    /** A registry may outlive this service: what it shows must not. */
    @PreDestroy
    void end() {
        registry.remove(gauge);
    }

    private Map<RoomSignalKind, Counter> byKind(String name) {
        Map<RoomSignalKind, Counter> counters = new EnumMap<>(RoomSignalKind.class);
        for (RoomSignalKind kind : RoomSignalKind.values()) {
            counters.put(kind, registry.counter(PREFIX + name, "kind", kind.name().toLowerCase(Locale.ROOT)));
        }
        return counters;
    }
}
