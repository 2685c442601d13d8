package io.millrace.gate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What the gate counts, per socket name. Arithmetic: {@code opened} = {@code connections} + all {@code closed};
 * {@code frames} per direction ÷ {@code messages} per direction is how many frames travel joined (ING-7); {@code full} counts how
 * often a peer's outbound buffer filled up, {@code pauses} how often reading stopped (ING-5, DEL-7). {@code token.failures} are the tokens
 * refused as such, at an upgrade or at a renewal. Whatever label is known beforehand shows from the start: a rise from nothing is a rise.
 */
final class GateMetrics {
    private static final List<String> REASONS = List.of("unauthenticated", "keys-unknown", "origin", "address-rate", "sender-connections", "no-upgrade", "closing");
    private static final String OTHER = "other";

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
    private final Map<String, Counter> closed = new ConcurrentHashMap<>();
    private final Map<String, Counter> refused = new ConcurrentHashMap<>();
    private final Map<String, Counter> badFrames = new ConcurrentHashMap<>();
    private final Counter upgradeTokens;
    private final Counter renewalTokens;

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
        upgradeTokens = tokenFailures(registry, socket, "upgrade");
        renewalTokens = tokenFailures(registry, socket, "renewal");
        Stream.concat(Stream.of(CloseCode.values()).map(code -> Short.toString(code.code())), Stream.of("1000", "1001", "1006", "none", OTHER))
                .forEach(code -> closed.put(code, registry.counter("millrace.gate.closed", tags.and("code", code))));
        REASONS.forEach(this::refusedFor);
        Stream.concat(Stream.of(ErrorCode.values()).map(ErrorCode::name), Stream.of("PROTOCOL", "TOO_BIG")).forEach(this::badFramesOf);
    }

    /** Tokens refused; {@code socket} is where: a socket's name or {@code http}. */
    static Counter tokenFailures(MeterRegistry registry, String socket, String via) {
        return registry.counter("millrace.gate.token.failures", "socket", socket, "via", via);
    }

    void opened() {
        opened.increment();
        connections.incrementAndGet();
    }

    /** A peer may choose its close code; those that nobody expects count together. */
    void closed(String code) {
        connections.decrementAndGet();
        closed.getOrDefault(code, closed.get(OTHER)).increment();
    }

    /** An upgrade that was not allowed. */
    void refused(String reason) {
        refusedFor(reason).increment();
        if (reason.equals("unauthenticated")) {
            upgradeTokens.increment();
        }
    }

    /** A token that should have replaced the one before. */
    void renewalRefused() {
        renewalTokens.increment();
    }

    /** A frame the gate itself answered with an error. */
    void badFrame(String code) {
        badFramesOf(code).increment();
    }

    /** A gauge outlives its application where one JVM runs several in turn, and would go on telling of the first. */
    void end() {
        registry.remove(connectionsGauge);
    }

    private Counter refusedFor(String reason) {
        return refused.computeIfAbsent(reason, label -> registry.counter("millrace.gate.refused", tags.and("reason", label)));
    }

    private Counter badFramesOf(String code) {
        return badFrames.computeIfAbsent(code, label -> registry.counter("millrace.gate.bad.frames", tags.and("code", label)));
    }

    private Counter counter(String name, String direction) {
        return registry.counter(name, tags.and("direction", direction));
    }
}
