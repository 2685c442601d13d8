package io.millrace.delivery.room;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.continuity.ContinuityJudge;
import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.continuity.Verdict;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Takes a subscribe to {@code subscribed} (DEL-2): finds out the facts its verdict hangs on, then judges and attaches in one step, so that
 * nothing can pass between the attach point and the first live entry. Where the history view is away, the log itself is asked.
 */
final class Attaching {
    private final Surroundings around;
    private final ContinuityJudge judge;
    private final Teller teller;
    private final FollowedLog log;
    private final Sources sources;
    private final Steps steps;

    Attaching(Surroundings around, Teller teller, FollowedLog log, Sources sources, Steps steps) {
        this.around = around;
        this.judge = new ContinuityJudge(around.settings().recovery());
        this.teller = teller;
        this.log = log;
        this.sources = sources;
        this.steps = steps;
    }

    /** Goes on as far as the facts reach. The room's head is known, or the attempt {@link Attempt#isSearchable searchable}. */
    void proceed(Room room, Attempt attempt) {
        if (!attempt.hasCursor()) {
            attach(room, attempt, room.head(), false);
            steps.attached(room, attempt.subscription());
            return;
        }
        Verdict verdict = judge.judge(attempt.cursor(), attempt.log(log.facts()), attempt.facts(room), around.clock().instant());
        if (verdict instanceof Verdict.Resumed resumed) {
            resume(room, attempt, resumed.from());
        } else if (verdict instanceof Verdict.Lost lost) {
            attach(room, attempt, lost.attach(), false);
            teller.lost(attempt.subscription(), lost);
            steps.attached(room, attempt.subscription());
        } else if (verdict instanceof Verdict.Open open) {
            switch (open.question()) {
                case LOG_END -> learn(around.truth().ask(log.facts().partition()), attempt::learn, room, attempt);
                case EPOCH_END -> learn(epochEnd(attempt), attempt::learnEpochEnd, room, attempt);
                case LAST_SHARED -> learn(lastShared(room, attempt), attempt::learnLastShared, room, attempt);
                case OLDEST_MISSED -> learn(oldestMissed(room, attempt), Runnable::run, room, attempt);
            }
        }
    }

    private void resume(Room room, Attempt attempt, Position from) {
        if (room.isKnown() || attempt.isUpToDate(log.generation())) {
            attach(room, attempt, from, true);
            steps.attached(room, attempt.subscription());
            return;
        }
        long covering = log.covering();
        learn(newest(room, attempt, covering), found -> {
            if (found.isEmpty()) {
                attempt.learnNothingMissed(log.generation());
            } else if (!room.isKnown()) {
                steps.headFound(room, found.get(), covering);
            }
        }, room, attempt);
    }

    /** The room's last entry after the cursor, or just before it, below {@code covering}: a record proves the head to everybody, none that nothing is missed. */
    private CompletionStage<Optional<LoggedEntry>> newest(Room room, Attempt attempt, long covering) {
        LogFacts facts = attempt.log(log.facts());
        long missed = facts.sharedWith(attempt.cursor().orElseThrow());
        long from = Math.max(Math.max(missed - 1, facts.beginOffset()), covering - around.settings().reach());
        return new LogSearch(around.scan(), facts, room.name()).last(from, covering).thenApply(found -> {
            if (found.isEmpty() && from > missed) {
                throw new IllegalStateException("unable to find the room's last entry; it lies too far back in the log");
            }
            return found;
        });
    }

    private CompletionStage<Long> epochEnd(Attempt attempt) {
        return around.truth().epochEnd(log.facts().partition(), attempt.cursor().orElseThrow().leaderEpoch(), attempt.log(log.facts()).leaderEpoch());
    }

    private CompletionStage<Long> lastShared(Room room, Attempt attempt) {
        if (!room.isKnown()) {
            return onlyHistoryKnows();
        }
        long shared = attempt.log(log.facts()).sharedWith(attempt.cursor().orElseThrow());
        return new CutSearch(around.history(), room, shared).lastSeqUpTo(attempt.seenSeq(room));
    }

    private CompletionStage<Runnable> oldestMissed(Room room, Attempt attempt) {
        if (!room.isKnown()) {
            return onlyHistoryKnows();
        }
        Position seen = new Position(room.head().epoch(), attempt.seenSeq(room));
        long from = attempt.missedFrom(room);
        long until = room.nextOffset();
        LogFacts facts = log.facts();
        boolean inLog = !attempt.knowsMissedInLog() && attempt.isSearchable(facts) && attempt.cursor().orElseThrow().position().sharesLogWith(seen);
        return sources.ask(() -> oldestKept(room, seen).thenApply(page -> () -> attempt.learn(page)),
                () -> !inLog ? onlyHistoryKnows()
                        : new LogSearch(around.scan(), facts, room.name()).next(seen, from, until, around.settings().reach()).thenApply(entry -> () -> attempt.learn(entry)));
    }

    private CompletionStage<LogPage> oldestKept(Room room, Position seen) {
        return around.history().after(room.name(), seen.seq(), 1, Math.min(seen.seq() + 1, room.head().seq())).thenApply(answer -> {
            if (!Objects.equals(answer.epoch(), seen.epoch())) {
                throw new IllegalStateException("unable to judge a cursor; history holds another epoch");
            }
            return answer;
        });
    }

    private static <T> CompletionStage<T> onlyHistoryKnows() {
        return CompletableFuture.failedFuture(new IllegalStateException("unable to judge a cursor; what is kept only history knows, which does not answer"));
    }

    private <T> void learn(CompletionStage<T> fact, Consumer<T> taken, Room room, Attempt attempt) {
        int asked = log.generation();
        boolean headKnown = room.isKnown();
        attempt.ask(true);
        fact.whenCompleteAsync((value, failure) -> {
            attempt.ask(false);
            if (!room.attempts().contains(attempt)) {
                return;
            }
            if (failure == null) {
                if (asked == log.generation()) {
                    taken.accept(value);
                }
                steps.goOn(room, attempt);
            } else if (!headKnown && room.isKnown()) {
                steps.goOn(room, attempt); // there is more to judge by now
            } else {
                notLearned(room, attempt, failure);
            }
        }, around.owner());
    }

    /** While the room's head is on its way from the view after all, that decides. */
    private void notLearned(Room room, Attempt attempt, Throwable failure) {
        if (!room.isKnown() && room.isAskingHead()) {
            attempt.searchedInVain();
            return;
        }
        room.attempts().remove(attempt);
        teller.unavailable(attempt.subscription(), failure);
        steps.refused(room);
    }

    private void attach(Room room, Attempt attempt, Position from, boolean resumed) {
        var subscription = attempt.subscription();
        boolean ahead = !room.isKnown() || room.head().isBefore(from);
        Position point = ahead ? from : room.head();
        long offset = ahead ? attempt.cursor().orElseThrow().offset() : room.nextOffset();
        int epoch = ahead ? attempt.cursor().orElseThrow().leaderEpoch() : log.facts().leaderEpoch();
        String cursor = CursorCodec.encode(room.name(), new Cursor(log.facts().topicId(), log.facts().partition(), offset, epoch, point));
        room.attempts().remove(attempt);
        subscription.answer(true); // before the frame: who has read it may count on it
        Teller.send(subscription, new ServerFrame.Subscribed(subscription.ref(), room.name(), point.epoch(), point.seq(), cursor, resumed,
                point.seq() - from.seq()));
        subscription.attach(from, point.seq(), missedFrom(room, attempt, from)); // after the frame: heads may speak of it from here on
        room.subscriptions().add(subscription);
    }

    private long missedFrom(Room room, Attempt attempt, Position from) {
        if (!room.isKnown()) {
            return log.covering();
        }
        return from.isBefore(room.head()) ? attempt.missedFrom(room) : room.nextOffset();
    }

    /** What becomes of a room when an attempt has got so far. */
    interface Steps {
        void goOn(Room room, Attempt attempt);

        void attached(Room room, Subscription subscription);

        void refused(Room room);

        /** {@code last} is the room's last entry below {@code covering}. */
        void headFound(Room room, LoggedEntry last, long covering);
    }
}
