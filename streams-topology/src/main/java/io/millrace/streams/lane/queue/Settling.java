package io.millrace.streams.lane.queue;

import java.time.Duration;

/**
 * A decision that only the clock made. A transaction that ends badly takes it back, but not what a reader of uncommitted records saw of
 * its effects; so it takes effect only after it must have been committed: two more looks, each more than a commit interval after the
 * one before (between two looks that far apart the stream thread commits).
 */
public record Settling(int looks, long lookedAt) {
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    public static final Duration BETWEEN_LOOKS = COMMIT_INTERVAL.multipliedBy(2);
    private static final int ENOUGH = 2;

    static Settling since(long now) {
        return new Settling(0, now);
    }

    Settling look(long now) {
        return now >= dueAt() ? new Settling(looks + 1, now) : this;
    }

    boolean isDone() {
        return looks >= ENOUGH;
    }

    long dueAt() {
        return lookedAt + BETWEEN_LOOKS.toMillis();
    }
}
