package io.millrace.bench;

import java.util.Arrays;

/** Latencies in nanoseconds; written by one thread, read when that is done. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;
    private long[] nanos = new long[1 << 12];
    private int count;

    synchronized void add(long latency) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = latency;
    }

    /** In milliseconds; NaN when nothing was measured. */
    synchronized double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, Math.floor(share * count))] / NANOS_PER_MILLI;
    }
}
