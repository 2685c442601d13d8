package io.millrace.streams.runtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many stream threads may be replaced within a window before replacing is no cure any more; any thread. */
final class ReplacementBudget {
    private final int most;
    private final Duration window;
    private final Clock clock;
    private final Deque<Instant> taken = new ArrayDeque<>();

    ReplacementBudget(int most, Duration window, Clock clock) {
        this.most = most;
        this.window = window;
        this.clock = clock;
    }

    /** Takes one replacement; false when the window's share is used up. */
    synchronized boolean take() {
        var now = clock.instant();
        while (!taken.isEmpty() && !taken.peekFirst().isAfter(now.minus(window))) {
            taken.removeFirst();
        }
        if (taken.size() >= most) {
            return false;
        }
        taken.addLast(now);
        return true;
    }
}
