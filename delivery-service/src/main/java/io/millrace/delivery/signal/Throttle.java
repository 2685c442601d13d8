package io.millrace.delivery.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which heartbeats of one connection are worth passing on (ROOM-2): the first, and those at least half an interval after the last that passed.
 * Half, because a client that sends exactly once per interval must never be late for the clocks' sake.
 */
public final class Throttle {
    private final Duration least;
    private final Map<String, Instant> passed = new HashMap<>();

    public Throttle(Duration interval) {
        least = interval.dividedBy(2);
    }

    public boolean passes(String room, Instant now) {
        Instant last = passed.get(room);
        if (last != null && now.isBefore(last.plus(least))) {
            return false;
        }
        passed.put(room, now);
        return true;
    }

    /** The next one passes; true if there was one before. */
    public boolean reset(String room) {
        return passed.remove(room) != null;
    }
}
