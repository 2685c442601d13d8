package io.millrace.delivery.continuity;

import java.util.UUID;

/**
 * What a client hands back to go on where it was: the room log's topic id and partition, the offset after the last record it was given, a
 * leader epoch under which the log held all of that, and its position. Offsets of aborted records count too, so {@code offset} proves that a
 * log is long enough, never where an entry stands; the leader epoch proves that it is still the same log up to there.
 */
public record Cursor(UUID topicId, int partition, long offset, int leaderEpoch, Position position) {
    /** Nobody knows under which leader the log was read. */
    public static final int NO_EPOCH = -1;

    public Cursor {
        if (topicId == null || position == null || partition < 0 || offset < 0 || leaderEpoch < NO_EPOCH) {
            throw new IllegalArgumentException("a cursor needs a topic id, a partition, an offset, a leader epoch and a position");
        }
    }
}
