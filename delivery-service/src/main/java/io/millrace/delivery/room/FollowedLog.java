package io.millrace.delivery.room;

import io.millrace.delivery.continuity.LogFacts;

/** The log partition that is followed, as known now. {@code covering} is the offset history must have passed to complete what the follower reads. */
final class FollowedLog {
    private LogFacts facts;
    private long covering;
    private int generation;

    void begin(LogFacts found, long start) {
        facts = found;
        covering = start;
        generation++;
    }

    void end() {
        facts = null;
        generation++;
    }

    boolean isKnown() {
        return facts != null;
    }

    LogFacts facts() {
        return facts;
    }

    long covering() {
        return covering;
    }

    /** Changes whenever the log breaks off: answers asked for before mean nothing after. */
    int generation() {
        return generation;
    }

    void readUpTo(long position, int leaderEpoch) {
        facts = facts.readUpTo(position, leaderEpoch);
    }

    /** What was known up to {@code offset} is forgotten: history has to cover it. */
    void forget(long offset) {
        covering = Math.max(covering, offset);
    }
}
