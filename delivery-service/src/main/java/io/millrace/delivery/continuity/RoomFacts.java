package io.millrace.delivery.continuity;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known about a room at the moment of attaching: its head; the oldest seq still kept in history; and when the first entry after
 * the client's cursor was accepted. The last two are asked for only where the verdict hangs on them.
 */
public record RoomFacts(Position head, OptionalLong oldestSeq, Optional<Instant> oldestMissedAt) {
    public static RoomFacts of(Position head) {
        return new RoomFacts(head, OptionalLong.empty(), Optional.empty());
    }

    public RoomFacts withHead(Position now) {
        return new RoomFacts(now, oldestSeq, oldestMissedAt);
    }

    public RoomFacts withOldestMissedAt(Instant at) {
        return new RoomFacts(head, oldestSeq, Optional.ofNullable(at));
    }

    public RoomFacts withOldestSeq(long seq) {
        return new RoomFacts(head, OptionalLong.of(seq), oldestMissedAt);
    }
}
