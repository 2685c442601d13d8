package io.millrace.delivery.continuity;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * What Kafka says about the log partition a room lives in (CON-1). {@code endOffset} is at least what was read so far and {@code leaderEpoch}
 * at least the newest one read; they are those at the time of asking when {@code endIsFresh}. {@code epochEnd}, asked for where the verdict
 * hangs on it, is where the records of the cursor's leader epoch, and of those before it, end in this log.
 */
public record LogFacts(UUID topicId, int partition, long beginOffset, long endOffset, int leaderEpoch, boolean endIsFresh, OptionalLong epochEnd) {
    public LogFacts(UUID topicId, int partition, long beginOffset, long endOffset, int leaderEpoch, boolean endIsFresh) {
        this(topicId, partition, beginOffset, endOffset, leaderEpoch, endIsFresh, OptionalLong.empty());
    }

    public LogFacts readUpTo(long offset, int epoch) {
        return offset <= endOffset && epoch <= leaderEpoch ? this
                : new LogFacts(topicId, partition, beginOffset, Math.max(offset, endOffset), Math.max(epoch, leaderEpoch), false);
    }

    public LogFacts withEpochEnd(long end) {
        return new LogFacts(topicId, partition, beginOffset, endOffset, leaderEpoch, endIsFresh, OptionalLong.of(end));
    }

    /** Whether a leader came later than the cursor's: it may have begun before the cursor's offset. */
    boolean hasLaterLeaderThan(Cursor cursor) {
        return cursor.leaderEpoch() != Cursor.NO_EPOCH && cursor.leaderEpoch() < leaderEpoch;
    }

    /** Whether the log is behind the cursor, as far as is known. */
    boolean isBehind(Cursor cursor) {
        return endOffset < cursor.offset() || leaderEpoch < cursor.leaderEpoch();
    }

    /** Up to which offset this log is the one the cursor was given for; at most the cursor's own. */
    public long sharedWith(Cursor cursor) {
        if (leaderEpoch < cursor.leaderEpoch()) {
            return 0; // a log that never had this leader vouches for nothing
        }
        long shared = Math.min(endOffset, cursor.offset());
        return hasLaterLeaderThan(cursor) ? Math.min(shared, epochEnd.orElse(shared)) : shared;
    }
}
