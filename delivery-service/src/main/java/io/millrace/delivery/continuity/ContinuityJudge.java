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
        return cursor.map(read -> judge(read, log, room, now)).orElseGet(() -> everything(CURSOR_UNKNOWN, room));
    }

    private Verdict judge(Cursor cursor, LogFacts log, RoomFacts room, Instant now) {
        if (cursor.partition() != log.partition()) {
            return everything(REPARTITIONED, room);
        }
        if (!cursor.topicId().equals(log.topicId())) {
            return everything(STREAM_RECREATED, room);
        }
        if (!log.reaches(cursor.offset())) {
            return log.endIsFresh() ? truncated(cursor.position(), room) : new Open(Question.LOG_END);
        }
        if (!cursor.position().sharesLogWith(room.head())) {
            return everything(STREAM_RECREATED, room);
        }
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

    private static Verdict everything(DiscontinuityReason reason, RoomFacts room) {
        return room.head().seq() == 0 ? new Resumed(room.head()) : lost(reason, 1, room);
    }

    private static Verdict lost(DiscontinuityReason reason, long from, RoomFacts room) {
        if (room.oldestSeq().isEmpty()) {
            return new Open(Question.OLDEST_MISSED);
        }
        long oldest = room.oldestSeq().getAsLong();
        return new Lost(reason, from, room.head().seq(), oldest <= from, oldest, room.head());
    }

    /** What the client was given beyond the log's new end is void as much as what it was not given; at least the last entry is in doubt. */
    private static Verdict truncated(Position seen, RoomFacts room) {
        var head = room.head();
        if (!seen.sharesLogWith(head)) {
            return everything(STREAM_RECREATED, room);
        }
        if (seen.seq() == 0 && head.seq() == 0) {
            return new Resumed(head);
        }
        if (room.oldestSeq().isEmpty()) {
            return new Open(Question.OLDEST_MISSED);
        }
        long from = seen.seq() == head.seq() ? head.seq() : Math.min(seen.seq(), head.seq()) + 1;
        long to = Math.max(seen.seq(), head.seq());
        long oldest = room.oldestSeq().getAsLong();
        return new Lost(LOG_TRUNCATED, from, to, oldest <= from && to <= head.seq(), oldest, head);
    }
}
