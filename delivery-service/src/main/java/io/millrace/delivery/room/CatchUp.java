package io.millrace.delivery.room;

import static io.millrace.contract.record.DiscontinuityReason.RETENTION_EXPIRED;
import static io.millrace.contract.record.DiscontinuityReason.SERVER;
import static io.millrace.contract.record.DiscontinuityReason.SLOW_CONSUMER;

import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.room.Subscription.State;
import java.util.Objects;

/**
 * Brings a subscription that is behind up to its room's head, at the client's own pace (DEL-7): entries come from the tail, older ones
 * from history, and from the log itself while that is away. Replay after a subscribe, slow clients and a jump in seq are all this. What nobody holds any more becomes a discontinuity.
 */
final class CatchUp {
    private static final int INCONSISTENT_ANSWERS = 5;

    private final Surroundings around;
    private final Teller teller;
    private final FollowedLog log;
    private final Sources sources;

    CatchUp(Surroundings around, Teller teller, FollowedLog log, Sources sources) {
        this.around = around;
        this.teller = teller;
        this.log = log;
        this.sources = sources;
    }

    void serve(Room room, Subscription subscription) {
        while (mustMove(room, subscription)) {
            LoggedEntry next = room.tail().get(subscription.seq() + 1);
            if (!subscription.outlet().hasRoom()) {
                awaitRoom(room, subscription);
            } else if (next != null) {
                teller.entry(subscription, next);
            } else {
                askSources(room, subscription);
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

    private void askSources(Room room, Subscription subscription) {
        Position asked = subscription.position();
        int generation = log.generation();
        LogFacts facts = log.facts();
        subscription.become(State.WAITS_FOR_HISTORY);
        int entries = subscription.pageEntries(around.settings().pageEntries());
        var inLog = LogScan.Question.first(room.name(), subscription.offset(), room.nextOffset(), entries);
        sources.ask(() -> around.history().after(room.name(), asked.seq(), entries, asked.seq() + 1).thenApply(page -> () -> take(room, subscription, page)),
                () -> around.scan().read(facts.partition(), inLog).thenApply(stretch -> () -> take(room, subscription, stretch, facts)))
                .whenCompleteAsync((taking, failure) -> {
            if (!isServed(room, subscription) || subscription.position() != asked || generation != log.generation()) {
                goOn(room, subscription); // the room changed meanwhile: what was found answers a question nobody asks any more
            } else if (failure != null) {
                tryLater(room, subscription, failure);
            } else {
                taking.run();
            }
        }, around.owner());
    }

    private void tryLater(Room room, Subscription subscription, Throwable failure) {
        around.events().unavailable(room.name(), failure);
        askLater(room, subscription);
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

    /** Entries prove by their seq that nothing lies between: what the log does not hold any more ends this, it is never passed over. */
    private void take(Room room, Subscription subscription, LogScan.Stretch stretch, LogFacts facts) {
        long before = subscription.offset();
        int taken = 0;
        for (LogScan.Found found : stretch.records()) {
            var entry = EntryReader.read(found, facts).filter(read -> read.isOf(room.head().epoch()) && read.seq() > subscription.seq());
            if (entry.isEmpty()) {
                continue; // another incarnation of the room, or given already
            }
            if (entry.get().seq() > subscription.seq() + 1) {
                sources.logFailed();
                tryLater(room, subscription, new IllegalStateException("unable to replay from the log; it does not hold seq " + (subscription.seq() + 1)));
                return;
            }
            if (entry.get().seq() > room.head().seq() || !subscription.outlet().hasRoom()) {
                subscription.tookOfPage(taken, false);
                goOn(room, subscription);
                return;
            }
            teller.entry(subscription, entry.get());
            taken++;
        }
        subscription.tookOfPage(taken, true);
        subscription.foundNothingBelow(stretch.upTo());
        if (subscription.offset() > before) {
            goOn(room, subscription);
        } else {
            askLater(room, subscription); // what is missed is not committed yet
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
