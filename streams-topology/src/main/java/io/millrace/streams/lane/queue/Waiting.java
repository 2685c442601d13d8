package io.millrace.streams.lane.queue;

import java.util.List;

/** The messages of one lane that cannot go on yet, by position. */
public interface Waiting {
    /** Null when none waits there. */
    LaneMessage get(long position);

    void put(LaneMessage message);

    void remove(long position);

    /** All of them, in order; a lane's limit bounds them. */
    List<LaneMessage> all();

    /** The lowest position at which one waits; only asked when some do. */
    long firstPosition();

    /** When the first of them arrived; only asked when some do. */
    long earliestArrival();
}
