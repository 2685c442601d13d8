package io.millrace.delivery.room;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The rooms of one followed log partition. Every subscription gets each entry after its position exactly once and in order, or a
 * discontinuity that names what it did not get. Its owner alone may call it; memory is bounded by the tail's budget.
 */
public final class PartitionRooms {
    private final Surroundings around;
    private final FollowedLog log = new FollowedLog();
    private final Sources sources;
    private final Teller teller;
    private final CatchUp catchUp;
    private final Attaching attaching;
    private final Doubts doubts;
    private final Settling settling;
    private final Remembered rooms;

    public PartitionRooms(Surroundings around) {
        this.around = around;
        this.teller = new Teller(around);
        this.rooms = new Remembered(around.settings().tailBytes(), log);
        this.sources = new Sources(around);
        this.catchUp = new CatchUp(around, teller, log, sources);
        this.attaching = new Attaching(around, teller, log, sources, new Steps());
        this.doubts = new Doubts(around, teller);
        this.settling = new Settling(teller);
    }

    /** Records from {@code start} on will come; history must cover what lies before. */
    public void followed(LogFacts facts, long start) {
        log.begin(facts, start);
        rooms.all().forEach(this::askHead);
    }

    /** The partition cannot be followed now: everyone who waits is told to come again. */
    public void unfollowable(Throwable cause) {
        rooms.all().forEach(room -> refuse(room, cause));
    }

    /** Nobody reads the partition any more: forgets everything. */
    public void released() {
        rooms.forgetAll();
        log.end();
    }

    public boolean isIdle() {
        return !rooms.isAnyNeeded();
    }

    /** The room's head as far as this pod has read it; empty if unknown. */
    public OptionalLong headSeq(String name) {
        return rooms.find(name).filter(Room::isKnown).map(room -> OptionalLong.of(room.head().seq())).orElse(OptionalLong.empty());
    }

    /** The newest leader epoch read; empty while the partition is not followed. */
    public OptionalInt leaderEpoch() {
        return log.isKnown() ? OptionalInt.of(log.facts().leaderEpoch()) : OptionalInt.empty();
    }

    public void subscribe(Subscription subscription) {
        Room room = rooms.room(subscription.room());
        var attempt = new Attempt(subscription);
        room.attempts().add(attempt);
        proceed(room, attempt);
    }

    /** Nothing is sent for the subscription any more; a subscribe still under way is answered with an error. */
    public void unsubscribe(Subscription subscription) {
        subscription.end();
        teller.noLag(subscription);
        rooms.find(subscription.room()).ifPresent(room -> {
            room.subscriptions().remove(subscription);
            if (room.attempts().removeIf(attempt -> attempt.subscription() == subscription)) {
                teller.replaced(subscription);
            }
            rooms.forgetIfIdle(room);
        });
    }

    /** The next record of the partition, written under {@code leaderEpoch}; how many subscriptions that had waited for it were given it at once. */
    public int accept(byte[] value, long offset, int leaderEpoch) {
        var entry = EntryReader.read(value, offset, leaderEpoch, log.facts());
        if (entry.isEmpty()) {
            around.events().undecodable(log.facts().partition(), offset);
            return 0;
        }
        return accept(entry.get());
    }

    /** The follower has read everything below {@code position}, control records included, the last of it of {@code leaderEpoch}. */
    public void readUpTo(long position, int leaderEpoch) {
        log.readUpTo(position, leaderEpoch);
    }

    /** The log broke off; records from {@code start} on will come next (CON-4). */
    public void interrupted(Interruption interruption, LogFacts facts, long start) {
        log.begin(facts, start);
        rooms.forgetTails();
        for (Room room : rooms.all()) {
            if (interruption instanceof Interruption.Recreated) {
                settling.beginAnew(room, start);
                serveAll(room);
            } else {
                room.forgetHead();
                if (interruption instanceof Interruption.Truncated cut) {
                    room.cut(cut.shared());
                }
                askHead(room);
            }
        }
    }

    private int accept(LoggedEntry entry) {
        Room room = rooms.room(entry.room());
        if (room.isRepeat(entry)) {
            doubts.compare(room, entry);
            return 0;
        }
        boolean newlyKnown = !room.isKnown();
        if (newlyKnown && !room.isCut()) {
            settling.toEpochOf(room, new Position(entry.position().epoch(), entry.seq() - 1));
        }
        room.advance(entry);
        rooms.keep(entry);
        int receivers = room.isCut() ? 0 : broadcast(room, entry);
        if (newlyKnown) {
            known(room);
        }
        return receivers;
    }

    private void known(Room room) {
        if (room.isCut()) {
            searchCut(room);
        } else {
            serveAll(room);
        }
    }

    private int broadcast(Room room, LoggedEntry entry) {
        int receivers = 0;
        for (Subscription subscription : room.subscriptions()) {
            if (!subscription.position().sharesLogWith(entry.position())) {
                settling.toEpoch(room, subscription, new Position(entry.position().epoch(), entry.seq() - 1));
            }
            long ahead = entry.seq() - subscription.seq();
            if (ahead == 1 && subscription.isIdle() && subscription.outlet().hasRoom()) {
                teller.entry(subscription, entry);
                receivers++;
            } else if (ahead >= 1 && subscription.isIdle()) {
                if (ahead == 1) {
                    teller.lag(subscription, ahead);
                }
                catchUp.serve(room, subscription);
            }
        }
        room.recreationSeen();
        return receivers;
    }

    /** Finds out which entries the cut left, then goes on; asked whenever the head of a room that was cut becomes known. */
    private void searchCut(Room room) {
        int asked = log.generation();
        long most = room.subscriptions().stream().mapToLong(Subscription::seq).max().orElse(0);
        new CutSearch(around.history(), room, room.cutAt()).lastSeqUpTo(most).whenCompleteAsync((left, failure) -> {
            if (!isStill(room, asked)) {
                return; // it broke off once more
            }
            if (failure == null) {
                settling.afterCut(room, left);
                serveAll(room);
            } else {
                refuse(room, failure);
                around.owner().after(around.settings().retryAfter(), () -> {
                    if (isStill(room, asked)) {
                        searchCut(room);
                    }
                });
            }
        }, around.owner());
    }

    private boolean isStill(Room room, int generation) {
        return generation == log.generation() && rooms.holds(room);
    }

    private void askHead(Room room) {
        if (!log.isKnown() || !room.startAskingHead()) {
            return;
        }
        int asked = log.generation();
        around.history().head(room.name(), log.covering()).whenCompleteAsync((answer, failure) -> {
            if (isStill(room, asked) && !room.isKnown()) {
                headAnswered(room, answer, failure);
            }
        }, around.owner());
    }

    private void headAnswered(Room room, HeadAnswer answer, Throwable failure) {
        room.headNotAnswered();
        if (failure == null) {
            sources.viewAnswered();
            headFound(room, new Position(answer.epoch(), answer.seq()), answer.offset(), log.covering());
            return;
        }
        sources.viewFailed();
        room.attemptsNow().stream().filter(attempt -> !attempt.isAsking()).forEach(attempt -> goOnWithoutHead(room, attempt, failure));
        if (room.isNeeded()) {
            around.owner().after(around.settings().retryAfter(), () -> askHead(room));
        }
    }

    private void headFound(Room room, Position head, long offset, long covering) {
        room.learn(head, offset, covering);
        if (!room.isCut()) {
            settling.toEpochOf(room, head);
        }
        known(room);
    }

    private void goOnWithoutHead(Room room, Attempt attempt, Throwable failure) {
        if (attempt.isSearchable(log.facts()) && !room.isCut()) {
            attaching.proceed(room, attempt);
        } else {
            refuse(room, attempt, failure);
            rooms.forgetIfIdle(room);
        }
    }

    private void serveAll(Room room) {
        room.subscriptionsNow().forEach(subscription -> catchUp.serve(room, subscription));
        room.attemptsNow().forEach(attempt -> proceed(room, attempt));
    }

    private void proceed(Room room, Attempt attempt) {
        if (!room.isKnown()) {
            askHead(room);
        }
        boolean isDue = room.isKnown() || log.isKnown() && sources.isViewAway() && attempt.isSearchable(log.facts());
        if (isDue && !attempt.isAsking() && !room.isCut() && room.attempts().contains(attempt)) {
            attaching.proceed(room, attempt);
        }
    }

    private void refuse(Room room, Throwable cause) {
        for (Attempt attempt : room.attemptsNow()) {
            refuse(room, attempt, cause);
        }
        rooms.forgetIfIdle(room);
    }

    private void refuse(Room room, Attempt attempt, Throwable cause) {
        room.attempts().remove(attempt);
        teller.unavailable(attempt.subscription(), cause);
    }

    private final class Steps implements Attaching.Steps {
        @Override
        public void goOn(Room room, Attempt attempt) {
            proceed(room, attempt);
        }

        @Override
        public void attached(Room room, Subscription subscription) {
            catchUp.serve(room, subscription);
        }

        @Override
        public void refused(Room room) {
            rooms.forgetIfIdle(room);
        }

        @Override
        public void headFound(Room room, LoggedEntry last, long covering) {
            PartitionRooms.this.headFound(room, last.position(), last.offset(), covering);
        }
    }
}
