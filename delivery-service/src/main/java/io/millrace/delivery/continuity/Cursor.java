package io.millrace.delivery.continuity;

import java.util.UUID;

/**
 * What a client hands back to go on where it was: the room log's topic id and partition, the offset after the last record it was given,
 * and its position. Offsets of aborted records count too, so {@code offset} proves that a log is long enough, never where an entry stands.
 */
public record Cursor(UUID topicId, int partition, long offset, Position position) {
    public Cursor {
        if (topicId == null || position == null || partition < 0 || offset < 0) {
            throw new IllegalArgumentException("a cursor needs a topic id, a partition, an offset and a position");
        }
    }
}
