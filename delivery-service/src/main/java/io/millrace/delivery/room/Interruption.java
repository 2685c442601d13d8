package io.millrace.delivery.room;

/** Why a partition's log could not be followed on without a break (CON-4). */
public enum Interruption {
    /** The topic was made anew. */
    RECREATED,
    /** The log ends before the place that was reached. */
    TRUNCATED,
    /** Records were passed over: the log begins after the place that was reached, or one could not be handled. */
    SKIPPED
}
