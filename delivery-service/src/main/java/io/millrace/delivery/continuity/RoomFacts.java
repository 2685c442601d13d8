package io.millrace.delivery.continuity;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known about a room at the moment of attaching: its head; the oldest seq still kept in history; when the first entry after the
 * client's cursor was accepted; and the last seq that a cut left of what the client was given. All but the head are asked for only where
 * the verdict hangs on them.
 */
public record RoomFacts(Position head, OptionalLong oldestSeq, Optional<Instant> oldestMissedAt, OptionalLong lastShared) {
    public static RoomFacts of(Position head) {
        return new RoomFacts(head, OptionalLong.empty(), Optional.empty(), OptionalLong.empty());
    }

    public RoomFacts withHead(Position now) {
        return new RoomFacts(now, oldestSeq, oldestMissedAt, lastShared);
    }

    public RoomFacts withOldestMissedAt(Instant at) {
        return new RoomFacts(head, oldestSeq, Optional.ofNullable(at), lastShared);
    }

    public RoomFacts withOldestSeq(long seq) {
        return new RoomFacts(head, OptionalLong.of(seq), oldestMissedAt, lastShared);
    }

    public RoomFacts withLastShared(long seq) {
        return new RoomFacts(head, oldestSeq, oldestMissedAt, OptionalLong.of(seq));
    }
}
