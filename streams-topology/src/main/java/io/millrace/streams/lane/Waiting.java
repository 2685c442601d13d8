package io.millrace.streams.lane;

/** The messages of one lane that cannot go on yet, by position. */
interface Waiting {
    /** Null when none waits there. */
    LaneMessage get(long position);

    void put(LaneMessage message);

    void remove(long position);

    /** The lowest position at which one waits; only asked when some do. */
    long firstPosition();

    /** When the first of them arrived; only asked when some do. */
    long earliestArrival();
}
