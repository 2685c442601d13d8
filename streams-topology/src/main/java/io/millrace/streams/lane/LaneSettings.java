package io.millrace.streams.lane;

import java.time.Duration;

/**
 * How lanes behave (SYN-3..6). {@code lane} bounds what waits in one lane; a lane that says nothing for {@code idle} is forgotten,
 * which must be longer than any client keeps a session without sending.
 */
public record LaneSettings(Duration gapTimeout, int lane, int maxRetries, Duration retryInterval, Duration uploadTimeout,
                           OnFinalFailure onFinalFailure, Duration idle) {
    public static final LaneSettings DEFAULTS = new LaneSettings(Duration.ofSeconds(15), 256, 3, Duration.ofSeconds(5), Duration.ofMinutes(10),
            OnFinalFailure.CONTINUE, Duration.ofDays(7));

    public LaneSettings {
        if (gapTimeout.isNegative() || retryInterval.isNegative() || uploadTimeout.isNegative() || idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException("unable to schedule lanes; a duration is negative");
        }
        if (lane < 1 || maxRetries < 0) {
            throw new IllegalArgumentException("unable to schedule lanes; a lane holds at least 1 and retries are at least 0");
        }
    }

    /** The first attempt and every retry (SYN-4). */
    public int maxAttempts() {
        return 1 + maxRetries;
    }
}
