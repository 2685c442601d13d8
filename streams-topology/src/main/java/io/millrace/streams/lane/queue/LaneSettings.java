package io.millrace.streams.lane.queue;

import java.time.Duration;

/**
 * How lanes behave (SYN-3..6). {@code limit} bounds what waits in one lane; a hole is passed after {@code gapTimeout}; a lane that says
 * nothing for {@code idle} is forgotten, which must be longer than any client keeps a session without sending.
 */
public record LaneSettings(int limit, Duration gapTimeout, Attempts attempts, OnFinalFailure onFinalFailure, Duration idle) {
    public static final LaneSettings DEFAULTS = new LaneSettings(256, Duration.ofSeconds(15), Attempts.DEFAULTS, OnFinalFailure.CONTINUE, Duration.ofDays(7));

    public LaneSettings {
        if (limit < 1) {
            throw new IllegalArgumentException("unable to schedule lanes; a lane holds at least 1 message");
        }
        Attempts.requirePositive(gapTimeout, "the gap timeout");
        Attempts.requirePositive(idle, "the idle time");
    }

    public LaneSettings with(Attempts changed) {
        return new LaneSettings(limit, gapTimeout, changed, onFinalFailure, idle);
    }

    public LaneSettings with(OnFinalFailure changed) {
        return new LaneSettings(limit, gapTimeout, attempts, changed, idle);
    }

    /**
     * What a message may need and how often that is tried (SYN-4): with {@code hook} every message needs the pre-sync hook's verdict, which
     * is given up as unavailable when it has not come {@code verdictTimeout} after it was asked for: the hook's own timeout and the way
     * there and back. Uploads have until {@code uploadTimeout} after acceptance.
     */
    public record Attempts(boolean hook, int maxRetries, Duration retryInterval, Duration verdictTimeout, Duration uploadTimeout) {
        public static final Attempts DEFAULTS = new Attempts(false, 3, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(10));

        public Attempts {
            if (maxRetries < 0) {
                throw new IllegalArgumentException("unable to schedule lanes; retries are at least 0");
            }
            requirePositive(retryInterval, "the retry interval");
            requirePositive(verdictTimeout, "the verdict timeout");
            requirePositive(uploadTimeout, "the upload timeout");
        }

        /** The first attempt and every retry. */
        public int most() {
            return 1 + maxRetries;
        }

        public Attempts withHook() {
            return new Attempts(true, maxRetries, retryInterval, verdictTimeout, uploadTimeout);
        }

        // stands here because the defaults of the outer class need these: whichever class is used first, both are whole
        private static void requirePositive(Duration duration, String name) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("unable to schedule lanes; " + name + " must be positive");
            }
        }
    }
}
