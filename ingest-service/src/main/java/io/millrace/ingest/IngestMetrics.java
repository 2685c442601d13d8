package io.millrace.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Lane;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What ingest counts. Arithmetic: {@code received} = {@code accepted} (by lane) + {@code refused} (by code) + {@code in.flight}, where a
 * message whose connection ended before its answer counts as accepted or refused all the same; frames that are no messages are
 * the gate's. {@code append} times hand-over to acknowledgement, by outcome; {@code unwritten} is the bytes on their way to Kafka;
 * {@code pauses} counts how often a connection was not read, by reason (ING-5, ING-6, ING-8).
 */
@Singleton
class IngestMetrics {
    private static final Duration[] OBJECTIVES = {Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
            Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5)};

    private final MeterRegistry registry;
    private final List<Gauge> gauges = new ArrayList<>();
    private final AtomicLong inFlight = new AtomicLong();
    private final Counter received;
    private final Counter receivedBytes;
    private final Map<Lane, Counter> accepted = new EnumMap<>(Lane.class);
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Map<Pause, Counter> pauses = new EnumMap<>(Pause.class);
    private final Timer appended;
    private final Timer notAppended;

    @Inject
    IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauges.add(Gauge.builder("millrace.ingest.in.flight", inFlight, AtomicLong::get).register(registry));
        received = registry.counter("millrace.ingest.received");
        receivedBytes = registry.counter("millrace.ingest.record.bytes");
        for (Lane lane : Lane.values()) {
            accepted.put(lane, registry.counter("millrace.ingest.accepted", "lane", lane.wireName()));
        }
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, registry.counter("millrace.ingest.refused", "code", code.name()));
        }
        for (Pause pause : Pause.values()) {
            pauses.put(pause, registry.counter("millrace.ingest.pauses", "reason", pause.reason));
        }
        appended = append("durable");
        notAppended = append("failed");
    }

    private Timer append(String outcome) {
        return Timer.builder("millrace.ingest.append").tag("outcome", outcome).serviceLevelObjectives(OBJECTIVES).register(registry);
    }

    void watch(LongSupplier unwritten) {
        gauges.add(Gauge.builder("millrace.ingest.unwritten", unwritten, LongSupplier::getAsLong).strongReference(true).baseUnit("bytes").register(registry));
    }

    /** A gauge outlives its application where one JVM runs several in turn, and would go on telling of the first. */
    @PreDestroy
    void end() {
        gauges.forEach(registry::remove);
    }

    /** A message that may be sent has come; {@link #accepted} or {@link #refused} must follow. */
    void received() {
        received.increment();
        inFlight.incrementAndGet();
    }

    void accepted(Lane lane, int bytes) {
        accepted.get(lane).increment();
        receivedBytes.increment(bytes);
        inFlight.decrementAndGet();
    }

    void refused(ErrorCode code) {
        refused.get(code).increment();
        inFlight.decrementAndGet();
    }

    /** A message has come and was refused without being handed over. */
    void refusedAtOnce(ErrorCode code) {
        received.increment();
        refused.get(code).increment();
    }

    void appended(long startedNanos, boolean durable) {
        (durable ? appended : notAppended).record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
    }

    void paused(Pause pause) {
        pauses.get(pause).increment();
    }

    /** Why a connection was not read. */
    enum Pause {
        IN_FLIGHT("in-flight"), UNWRITTEN("unwritten"), LATE("late");

        private final String reason;

        Pause(String reason) {
            this.reason = reason;
        }
    }
}
