package io.millrace.streams.history;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What the history view counts and says. Records read = entries kept + {@code unreadable} + {@code contradictions} + repeats after a
 * crash; {@code pruned} are entries dropped again. {@code rewinds}: rooms of which the log was cut and says something else now. {@code requests} counts each request once, by its outcome.
 * Of what may come in floods one line a minute is logged, with the total.
 */
public final class HistoryMeters {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.history");
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final MeterRegistry registry;
    private final Counter unreadable;
    private final Counter contradictions;
    private final Counter rewinds;
    private final Counter jumps;
    private final Counter pruned;
    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    public HistoryMeters(MeterRegistry registry) {
        this.registry = registry;
        unreadable = registry.counter("millrace.history.unreadable");
        contradictions = registry.counter("millrace.history.contradictions");
        rewinds = registry.counter("millrace.history.rewinds");
        jumps = registry.counter("millrace.history.jumps");
        pruned = registry.counter("millrace.history.pruned");
        for (Outcome outcome : Outcome.values()) {
            requests.put(outcome, registry.counter("millrace.history.requests", "outcome", outcome.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** {@code waiting}: requests that wait for the view to come as far as they ask. */
    public void watch(ViewPartitions<?> partitions) {
        Gauge.builder("millrace.history.waiting", partitions, ViewPartitions::waiting).register(registry);
    }

    /** Of the room log or of the discontinuities. */
    void unreadable(int partition, long offset, Exception reason) {
        unreadable.increment();
        warn("%s; partition %d, offset %d, %d so far", reason.getMessage(), partition, offset, (long) unreadable.count());
    }

    void contradicted(int partition, long offset) {
        contradictions.increment();
        warn("unable to keep an entry; its seq was given before; partition %d, offset %d, %d so far", partition, offset, (long) contradictions.count());
    }

    void rewound(int partition, long offset) {
        rewinds.increment();
        warn("unable to keep what a room said; the log was cut and says something else now; partition %d, offset %d, %d rooms so far", partition, offset,
                (long) rewinds.count());
    }

    void jumped(int partition, long offset, long missing) {
        jumps.increment();
        warn("unable to keep a room whole; %d entries are no longer on the log; partition %d, offset %d, %d rooms so far", missing, partition, offset,
                (long) jumps.count());
    }

    void pruned(int entries) {
        pruned.increment(entries);
    }

    public void request(Outcome outcome) {
        requests.get(outcome).increment();
    }

    /** How a request ended; REFUSED: {@code max-requests} were in work; LATE: the view did not come as far as asked within {@code wait-limit}. */
    public enum Outcome {
        ANSWERED, INVALID, REFUSED, LATE, MOVED, RESTORING, FAILED
    }

    private void warn(String format, Object... values) {
        long until = quietUntil.get();
        long now = System.nanoTime();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            LOG.warnf(format, values);
        }
    }
}
