package io.millrace.delivery.room;

import static io.millrace.contract.record.DiscontinuityReason.LOG_TRUNCATED;
import static io.millrace.contract.record.DiscontinuityReason.STREAM_RECREATED;

import io.millrace.delivery.continuity.Position;

/** Brings the subscriptions of a room over a break of its log (CON-4): tells each what of it is void or missed, and where it goes on. */
final class Settling {
    private final Teller teller;

    Settling(Teller teller) {
        this.teller = teller;
    }

    /** The topic was made anew: everything up to what the room had reached is missed. */
    void beginAnew(Room room, long start) {
        Position before = room.head();
        room.beginAnew(start);
        for (Subscription subscription : room.subscriptions()) {
            boolean behind = before != null && subscription.position().isBefore(before);
            Position reached = behind ? before : subscription.position();
            if (reached.seq() > 0) {
                teller.gap(subscription, STREAM_RECREATED, 1, reached.seq(), false, 0);
            }
            subscription.attach(new Position(reached.epoch(), reached.seq()), reached.seq(), start);
        }
    }

    /** The room's log goes on after {@code head}, maybe in another incarnation. */
    void toEpochOf(Room room, Position head) {
        for (Subscription subscription : room.subscriptions()) {
            if (!subscription.position().sharesLogWith(head)) {
                toEpoch(room, subscription, head);
            }
        }
    }

    /** Another incarnation of the room: everything up to {@code from} is missed, unless the client was told already and nothing is. */
    void toEpoch(Room room, Subscription subscription, Position from) {
        if (from.seq() > 0 || !room.isRecreationTold()) {
            teller.gap(subscription, STREAM_RECREATED, 1, from.seq(), false, from.seq() + 1);
        }
        subscription.attach(from, from.seq(), subscription.offset());
    }

    /** The log was cut: what was given after {@code left} is void, and what stands there now is given anew. */
    void afterCut(Room room, long left) {
        toEpochOf(room, room.head());
        for (Subscription subscription : room.subscriptions()) {
            subscription.rewrittenFrom(room.cutAt());
            if (subscription.seq() > left) {
                teller.gap(subscription, LOG_TRUNCATED, left + 1, subscription.seq(), false, 0);
                subscription.attach(new Position(left == 0 ? null : room.head().epoch(), left), left, subscription.offset());
            }
        }
        room.settled();
    }
}
