package io.millrace.streams.lane;

/** What keeps a lane's head from going on, or that nothing does. All times are ms since the epoch, of the scheduler's clock. */
sealed interface Head {
    long NEVER = Long.MAX_VALUE;
    Head OPEN = new Open();

    /** When this head wants to be looked at again; {@code resumedAt} is when the scheduler last came back from a start or a pause. */
    long dueAt(LaneSettings settings, long resumedAt);

    /** Nothing waits: the next position goes on as it comes. */
    record Open() implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return NEVER;
        }
    }

    /** The next position has not come, though later ones have, the first of them at {@code since}: a hole (SYN-3). */
    record Missing(long since) implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return Math.max(since, resumedAt) + settings.gapTimeout().toMillis();
        }
    }

    /** The lane goes past its hole, once that decision has settled. */
    record Passing(Settling settling) implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return settling.dueAt();
        }
    }
}
