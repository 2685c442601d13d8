package io.millrace.delivery.continuity;

import static io.millrace.contract.record.DiscontinuityReason.BACKLOG_LIMIT;
import static io.millrace.contract.record.DiscontinuityReason.CURSOR_UNKNOWN;
import static io.millrace.contract.record.DiscontinuityReason.LOG_TRUNCATED;
import static io.millrace.contract.record.DiscontinuityReason.REPARTITIONED;
import static io.millrace.contract.record.DiscontinuityReason.RETENTION_EXPIRED;
import static io.millrace.contract.record.DiscontinuityReason.STREAM_RECREATED;
import static io.millrace.contract.record.DiscontinuityReason.WINDOW_EXPIRED;

import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.delivery.continuity.Verdict.Lost;
import io.millrace.delivery.continuity.Verdict.Open;
import io.millrace.delivery.continuity.Verdict.Question;
import io.millrace.delivery.continuity.Verdict.Resumed;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges a client's cursor from facts alone (CON-1..3): a pure function. It never guesses; where a fact is missing that the verdict hangs
 * on, the verdict is {@link Open} and names it.
 */
public final class ContinuityJudge {
    private final RecoveryLimits limits;

    public ContinuityJudge(RecoveryLimits limits) {
        this.limits = limits;
    }

    /** An empty {@code cursor} is one that could not be read. */
    public Verdict judge(Optional<Cursor> cursor, LogFacts log, RoomFacts room, Instant now) {
        return cursor.map(read -> judge(read, log, room, now)).orElseGet(() -> everything(CURSOR_UNKNOWN, 0, room));
    }

    private Verdict judge(Cursor cursor, LogFacts log, RoomFacts room, Instant now) {
        if (cursor.partition() != log.partition()) {
            return everything(REPARTITIONED, cursor.position().seq(), room);
        }
        if (!cursor.topicId().equals(log.topicId()) || !cursor.position().sharesLogWith(room.head())) {
            return everything(STREAM_RECREATED, cursor.position().seq(), room);
        }
        if (log.isBehind(cursor) && !log.endIsFresh()) {
            return new Open(Question.LOG_END);
        }
        if (log.hasLaterLeaderThan(cursor) && log.epochEnd().isEmpty()) {
            return new Open(Question.EPOCH_END);
        }
        if (log.sharedWith(cursor) < cursor.offset() && cursor.position().seq() > 0) {
            return cut(cursor, log, room, now);
        }
        return judgeMissed(cursor, log, room, now);
    }

    private Verdict judgeMissed(Cursor cursor, LogFacts log, RoomFacts room, Instant now) {
        return cursor.position().isBefore(room.head()) ? missed(cursor.position().seq(), room, now) : nothingMissed(cursor, log, room);
    }

    /** The client may be ahead of the head: its last entries were read before they were committed (CON-2). */
    private static Verdict nothingMissed(Cursor cursor, LogFacts log, RoomFacts room) {
        var position = cursor.position();
        boolean roomForgotten = room.head().epoch() == null && position.epoch() != null && cursor.offset() < log.beginOffset();
        if (roomForgotten) {
            // Retention took the whole room: what came after the cursor cannot be counted any more, nor ruled out.
            return new Lost(RETENTION_EXPIRED, position.seq() + 1, position.seq(), false, 0, position);
        }
        return new Resumed(position);
    }

    private Verdict missed(long seen, RoomFacts room, Instant now) {
        if (room.oldestSeq().isPresent() && room.oldestSeq().getAsLong() > seen + 1) {
            return lost(RETENTION_EXPIRED, seen + 1, room);
        }
        if (room.oldestMissedAt().isEmpty()) {
            return new Open(Question.OLDEST_MISSED);
        }
        if (!room.oldestMissedAt().get().isAfter(now.minus(limits.window()))) {
            return lost(WINDOW_EXPIRED, seen + 1, room);
        }
        if (room.head().seq() - seen > limits.entries()) {
            return lost(BACKLOG_LIMIT, seen + 1, room);
        }
        return new Resumed(new Position(room.head().epoch(), seen));
    }

    private static Verdict everything(DiscontinuityReason reason, long seen, RoomFacts room) {
        if (room.head().seq() > 0) {
            return lost(reason, 1, room);
        }
        // A room without entries took the place of one the client has read in: that is void, and what came after it can be neither counted nor ruled out.
        return seen == 0 ? new Resumed(room.head()) : new Lost(reason, 1, seen, false, 0, room.head());
    }

    private static Verdict lost(DiscontinuityReason reason, long from, RoomFacts room) {
        if (room.oldestSeq().isEmpty()) {
            return new Open(Question.OLDEST_MISSED);
        }
        long oldest = room.oldestSeq().getAsLong();
        return new Lost(reason, from, room.head().seq(), oldest <= from, oldest, room.head());
    }

    /** What the client was given beyond the cut is void as much as what it was not given; a cut may have left all of it. */
    private Verdict cut(Cursor cursor, LogFacts log, RoomFacts room, Instant now) {
        if (room.lastShared().isEmpty()) {
            return new Open(Question.LAST_SHARED);
        }
        long seen = cursor.position().seq();
        long shared = room.lastShared().getAsLong();
        if (shared >= seen) {
            return judgeMissed(cursor, log, room, now);
        }
        if (room.oldestSeq().isEmpty()) {
            return new Open(Question.OLDEST_MISSED);
        }
        long to = Math.max(seen, room.head().seq());
        long oldest = room.oldestSeq().getAsLong();
        return new Lost(LOG_TRUNCATED, shared + 1, to, oldest <= shared + 1 && to <= room.head().seq(), oldest, room.head());
    }
}
