package io.millrace.delivery.room;

import static io.millrace.contract.record.DiscontinuityReason.RETENTION_EXPIRED;
import static io.millrace.contract.record.DiscontinuityReason.SERVER;
import static io.millrace.contract.record.DiscontinuityReason.SLOW_CONSUMER;

import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.room.Subscription.State;
import java.util.Objects;

/**
 * Brings a subscription that is behind up to its room's head, at the client's own pace (DEL-7): entries come from the tail, older ones
 * from history. Replay after a subscribe, slow clients and a jump in seq are all this. What nobody holds any more becomes a discontinuity.
 */
final class CatchUp {
    private static final int INCONSISTENT_ANSWERS = 5;

    private final Surroundings around;
    private final Teller teller;
    private final FollowedLog log;

    CatchUp(Surroundings around, Teller teller, FollowedLog log) {
        this.around = around;
        this.teller = teller;
        this.log = log;
    }

    void serve(Room room, Subscription subscription) {
        while (mustMove(room, subscription)) {
            LoggedEntry next = room.tail().get(subscription.seq() + 1);
            if (!subscription.outlet().hasRoom()) {
                awaitRoom(room, subscription);
            } else if (next != null) {
                teller.entry(subscription, next);
            } else {
                askHistory(room, subscription);
            }
        }
        if (isServed(room, subscription) && subscription.isIdle() && !subscription.position().isBefore(room.head())) {
            teller.caughtUp(subscription);
        }
    }

    private static boolean mustMove(Room room, Subscription subscription) {
        return isServed(room, subscription) && subscription.isIdle() && subscription.position().isBefore(room.head());
    }

    private static boolean isServed(Room room, Subscription subscription) {
        return room.isKnown() && !room.isCut() && !subscription.hasEnded();
    }

    private void awaitRoom(Room room, Subscription subscription) {
        subscription.become(State.WAITS_FOR_ROOM);
        subscription.outlet().whenRoom(() -> around.owner().execute(() -> goOn(room, subscription)));
    }

    private void goOn(Room room, Subscription subscription) {
        subscription.become(State.IDLE);
        serve(room, subscription);
    }

    private void askHistory(Room room, Subscription subscription) {
        Position asked = subscription.position();
        subscription.become(State.WAITS_FOR_HISTORY);
        int entries = subscription.pageEntries(around.settings().pageEntries());
        around.history().after(room.name(), asked.seq(), entries, asked.seq() + 1).whenCompleteAsync((page, failure) -> {
            if (!isServed(room, subscription) || subscription.position() != asked || !log.isKnown()) {
                goOn(room, subscription); // the room changed meanwhile: the page answers a question nobody asks any more
            } else if (failure != null) {
                around.events().unavailable(room.name(), failure);
                askLater(room, subscription);
            } else {
                take(room, subscription, page);
            }
        }, around.owner());
    }

    private void askLater(Room room, Subscription subscription) {
        around.owner().after(around.settings().retryAfter(), () -> goOn(room, subscription));
    }

    private void take(Room room, Subscription subscription, LogPage page) {
        boolean sameLog = Objects.equals(page.epoch(), room.head().epoch());
        if (sameLog && page.headSeq() > subscription.seq()) {
            subscription.succeeded();
            deliver(room, subscription, page);
            goOn(room, subscription);
        } else if (subscription.failedAgain() < INCONSISTENT_ANSWERS) {
            askLater(room, subscription);
        } else {
            subscription.succeeded();
            skip(subscription, room.head(), page, SERVER);
            goOn(room, subscription);
        }
    }

    private void deliver(Room room, Subscription subscription, LogPage page) {
        int taken = 0;
        long head = room.head().seq();
        for (LogPage.Item item : page.items()) {
            if (!subscription.outlet().hasRoom()) {
                subscription.tookOfPage(taken, false);
                return;
            }
            skip(subscription, new Position(page.epoch(), Math.min(item.seq() - 1, head)), page, whyTrimmed(subscription, page));
            if (item.seq() > head) {
                return; // the follower has not come so far
            }
            teller.entry(subscription, EntryReader.read(room.name(), page.epoch(), item, log.facts()));
            taken++;
        }
        subscription.tookOfPage(taken, true);
        if (page.items().isEmpty()) {
            skip(subscription, new Position(page.epoch(), Math.min(page.headSeq(), head)), page, whyTrimmed(subscription, page));
        }
    }

    /** Nobody holds what lies between the subscription and {@code upTo}, if anything does. */
    private void skip(Subscription subscription, Position upTo, LogPage page, DiscontinuityReason reason) {
        if (subscription.position().isBefore(upTo)) {
            teller.gap(subscription, reason, subscription.seq() + 1, upTo.seq(), false, page.oldestSeq());
            subscription.moveTo(upTo);
        }
    }

    private static DiscontinuityReason whyTrimmed(Subscription subscription, LogPage page) {
        boolean trimmed = page.oldestSeq() > subscription.seq() + 1 || page.oldestSeq() == 0;
        return !trimmed ? SERVER : subscription.lagTold() ? SLOW_CONSUMER : RETENTION_EXPIRED;
    }
}
