package io.millrace.gate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the gate counts, per socket name. Arithmetic: {@code opened} = {@code connections} + all {@code closed};
 * {@code frames} per direction ÷ {@code messages} per direction is how many frames travel joined (ING-7); {@code full} counts how
 * often a peer's outbound buffer filled up, {@code pauses} how often reading stopped (ING-5, DEL-7).
 */
final class GateMetrics {
    final Counter framesReceived;
    final Counter framesSent;
    final Counter messagesReceived;
    final Counter messagesSent;
    final Counter bytesReceived;
    final Counter bytesSent;
    final Counter pauses;
    final Counter full;
    private final MeterRegistry registry;
    private final Tags tags;
    private final AtomicInteger connections = new AtomicInteger();
    private final Gauge connectionsGauge;
    private final Counter opened;

    GateMetrics(MeterRegistry registry, String socket) {
        this.registry = registry;
        this.tags = Tags.of("socket", socket);
        connectionsGauge = Gauge.builder("millrace.gate.connections", connections, AtomicInteger::get).tags(tags).register(registry);
        opened = registry.counter("millrace.gate.opened", tags);
        framesReceived = counter("millrace.gate.frames", "in");
        framesSent = counter("millrace.gate.frames", "out");
        messagesReceived = counter("millrace.gate.messages", "in");
        messagesSent = counter("millrace.gate.messages", "out");
        bytesReceived = counter("millrace.gate.bytes", "in");
        bytesSent = counter("millrace.gate.bytes", "out");
        pauses = registry.counter("millrace.gate.pauses", tags);
        full = registry.counter("millrace.gate.full", tags);
    }

    void opened() {
        opened.increment();
        connections.incrementAndGet();
    }

    void closed(String code) {
        connections.decrementAndGet();
        registry.counter("millrace.gate.closed", tags.and("code", code)).increment();
    }

    /** An upgrade that was not allowed. */
    void refused(String reason) {
        registry.counter("millrace.gate.refused", tags.and("reason", reason)).increment();
    }

    /** A frame the gate itself answered with an error. */
    void badFrame(String code) {
        registry.counter("millrace.gate.bad.frames", tags.and("code", code)).increment();
    }

    /** A gauge outlives its application where one JVM runs several in turn, and would go on telling of the first. */
    void end() {
        registry.remove(connectionsGauge);
    }

    private Counter counter(String name, String direction) {
        return registry.counter(name, tags.and("direction", direction));
    }
}
