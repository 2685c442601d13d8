package io.millrace.delivery.signal;

import java.time.Duration;
import java.time.Instant;

/** Lets a change pass at once, those after it at most once per interval; the last one always passes. */
final class Debounce {
    private final Duration interval;
    private Instant next = Instant.MIN;
    private boolean changed;

    Debounce(Duration interval) {
        this.interval = interval;
    }

    void changed() {
        changed = true;
    }

    boolean isPending() {
        return changed;
    }

    /** Whether a change passes now; it has passed then. */
    boolean passes(Instant now) {
        if (!changed || now.isBefore(next)) {
            return false;
        }
        changed = false;
        next = now.plus(interval);
        return true;
    }
}
