package io.millrace.gate.limit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Lets each key pass {@code rate} times a second, lasting, and {@code burst} times at once (generic cell rate algorithm: one number
 * per key). A key that has been quiet for its burst is forgotten, so memory is bounded by the keys active just now. Safe on any thread.
 */
public final class Pace<K> {
    private static final int SWEEP_EVERY = 4096;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long intervalNanos;
    private final long toleranceNanos;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<K, Long> dueByKey = new ConcurrentHashMap<>();
    private final AtomicInteger sinceSweep = new AtomicInteger();

    public Pace(int rate, int burst, LongSupplier nanoTime) {
        if (rate < 1 || burst < 1) {
            throw new IllegalArgumentException("unable to limit a rate; rate and burst must be at least 1");
        }
        this.intervalNanos = Duration.ofSeconds(1).toNanos() / rate;
        this.toleranceNanos = intervalNanos * (burst - 1);
        this.nanoTime = nanoTime;
    }

    /** Zero when the key may pass now, which it has then done; else after how many whole milliseconds it may, if nothing else of that key passes before. */
    public Duration pass(K key) {
        long now = nanoTime.getAsLong();
        sweepSometimes(now);
        long[] wait = {0};
        dueByKey.compute(key, (k, due) -> {
            long start = due == null || due - now < 0 ? now : due;
            wait[0] = start - now - toleranceNanos;
            return wait[0] > 0 ? due : Long.valueOf(start + intervalNanos);
        });
        return wait[0] > 0 ? Duration.ofMillis((wait[0] + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI) : Duration.ZERO;
    }

    int keys() {
        return dueByKey.size();
    }

    private void sweepSometimes(long now) {
        if (sinceSweep.incrementAndGet() >= SWEEP_EVERY) {
            sinceSweep.set(0);
            dueByKey.values().removeIf(due -> due - now < 0);
        }
    }
}
