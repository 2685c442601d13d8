package io.millrace.ingest.lateness;

import java.time.Duration;

/**
 * How long a connection rests after each message, by how late the pipeline is (ING-8): nothing up to {@code threshold}, then a quarter of what
 * is beyond it, {@code longest} at most. So the rate falls until no more comes in than goes through, and the lateness stays where it is then.
 */
record ReadingPace(Duration threshold, Duration longest) {
    private static final int SHARE = 4;

    Duration pause(Duration lateness) {
        var beyond = lateness.minus(threshold);
        if (beyond.isNegative() || beyond.isZero()) {
            return Duration.ZERO;
        }
        var pause = beyond.dividedBy(SHARE);
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
