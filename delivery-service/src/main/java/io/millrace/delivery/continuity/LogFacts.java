package io.millrace.delivery.continuity;

import java.util.UUID;

/**
 * What Kafka says about the log partition a room lives in (CON-1). {@code endOffset} is at least what was read so far; it is the
 * log's end at the time of asking when {@code endIsFresh}.
 */
public record LogFacts(UUID topicId, int partition, long beginOffset, long endOffset, boolean endIsFresh) {
    /** Whether a log that held {@code offset} records once still does, as far as is known. */
    boolean reaches(long offset) {
        return endOffset >= offset;
    }

    public LogFacts readUpTo(long offset) {
        return offset <= endOffset ? this : new LogFacts(topicId, partition, beginOffset, offset, false);
    }
}
