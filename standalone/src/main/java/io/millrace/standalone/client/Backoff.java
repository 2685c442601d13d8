package io.millrace.standalone.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before trying again: anything up to a bound that doubles with each failure, so that many clients do not come back at once. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 3_000;

    private final RandomGenerator random;
    private long bound = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long wait = random.nextLong(bound / 2, bound + 1);
        bound = Math.min(2 * bound, LONGEST_MILLIS);
        return Duration.ofMillis(wait);
    }

    void reset() {
        bound = FIRST_MILLIS;
    }
}
