package io.millrace.standalone.replay.check;

import java.util.Arrays;

/** Durations of one step in nanoseconds, and the middle, the slow end and the slowest of them. Owned by one thread. */
public final class Quantiles {
    private static final double NANOS_OF_A_MILLI = 1_000_000;
    private long[] samples = new long[256];
    private int count;

    public void add(long nanos) {
        if (count == samples.length) {
            samples = Arrays.copyOf(samples, 2 * count);
        }
        samples[count++] = Math.max(0, nanos);
    }

    public void addAll(Quantiles other) {
        for (int i = 0; i < other.count; i++) {
            add(other.samples[i]);
        }
    }

    public int count() {
        return count;
    }

    /** The smallest sample that at least {@code share} of all do not exceed, in milliseconds; 0 without samples. */
    public double millis(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * count) - 1;
        return sorted[Math.max(0, index)] / NANOS_OF_A_MILLI;
    }
}
