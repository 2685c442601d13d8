package io.millrace.streams.lane.queue;

/**
 * What is kept of one lane: the {@code next} position to go on, how many messages are {@code waiting} in the store, the positions ahead
 * that are used up, what keeps the head, when the lane last heard of its sender, and the time of its one entry among the due times.
 */
public record LaneState(long next, int waiting, UsedUp usedUp, Head head, long touchedAt, long scheduledAt) {
    public static final LaneState NEW = new LaneState(1, 0, UsedUp.NONE, Head.OPEN, 0, Head.NEVER);

    public LaneState {
        if (next < 1 || waiting < 0) {
            throw new IllegalArgumentException("a lane starts at 1 and holds at least nothing");
        }
    }

    LaneState next(long position) {
        return new LaneState(position, waiting, usedUp.from(position), head, touchedAt, scheduledAt);
    }

    LaneState waiting(int messages) {
        return new LaneState(next, messages, usedUp, head, touchedAt, scheduledAt);
    }

    LaneState usedUp(long position) {
        return new LaneState(next, waiting, usedUp.with(position), head, touchedAt, scheduledAt);
    }

    LaneState head(Head changed) {
        return new LaneState(next, waiting, usedUp, changed, touchedAt, scheduledAt);
    }

    LaneState touched(long now) {
        return new LaneState(next, waiting, usedUp, head, now, scheduledAt);
    }

    public LaneState scheduled(long at) {
        return new LaneState(next, waiting, usedUp, head, touchedAt, at);
    }

    /** When this lane wants to be looked at again. */
    public long dueAt(LaneSettings settings, long resumedAt) {
        return waiting == 0 ? touchedAt + settings.idle().toMillis() : head.dueAt(settings, resumedAt);
    }

    /** Silent for so long that it may be forgotten. */
    public boolean isSpent(LaneSettings settings, long now) {
        return waiting == 0 && now >= touchedAt + settings.idle().toMillis();
    }
}
