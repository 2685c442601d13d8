package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;

/** What this pod knows of a room without asking: its head, 0 if unknown, and the leader epoch of its partition, if that is followed. */
public record Standing(long headSeq, int leaderEpoch) {
    static final Standing UNKNOWN = new Standing(0, Cursor.NO_EPOCH);
}
