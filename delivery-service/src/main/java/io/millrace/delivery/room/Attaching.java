package io.millrace.delivery.room;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.continuity.ContinuityJudge;
import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.continuity.Verdict;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Takes a subscribe from its room's known head to {@code subscribed} (DEL-2): finds out the facts its verdict hangs on, then judges and
 * attaches in one step, so that nothing can pass between the attach point and the first live entry.
 */
final class Attaching {
    private final Surroundings around;
    private final ContinuityJudge judge;
    private final Teller teller;
    private final FollowedLog log;

    Attaching(Surroundings around, Teller teller, FollowedLog log) {
        this.around = around;
        this.judge = new ContinuityJudge(around.settings().recovery());
        this.teller = teller;
        this.log = log;
    }

    /** Goes on as far as the facts reach; {@code attached} is called for a subscription that began. */
    void proceed(Room room, Attempt attempt, BiConsumer<Room, Attempt> again, BiConsumer<Room, Subscription> attached) {
        if (!attempt.hasCursor()) {
            attach(room, attempt, room.head(), false);
            attached.accept(room, attempt.subscription());
            return;
        }
        Verdict verdict = judge.judge(attempt.cursor(), attempt.log(log.facts()), attempt.facts(room), around.clock().instant());
        if (verdict instanceof Verdict.Resumed resumed) {
            attach(room, attempt, resumed.from(), true);
            attached.accept(room, attempt.subscription());
        } else if (verdict instanceof Verdict.Lost lost) {
            attach(room, attempt, lost.attach(), false);
            teller.lost(attempt.subscription(), lost);
            attached.accept(room, attempt.subscription());
        } else if (verdict instanceof Verdict.Open open) {
            switch (open.question()) {
                case LOG_END -> learn(around.truth().ask(log.facts().partition()), attempt::learn, room, attempt, again);
                case EPOCH_END -> learn(epochEnd(attempt), attempt::learnEpochEnd, room, attempt, again);
                case LAST_SHARED -> learn(lastShared(room, attempt), attempt::learnLastShared, room, attempt, again);
                case OLDEST_MISSED -> learn(oldestMissed(room, attempt), attempt::learn, room, attempt, again);
            }
        }
    }

    private CompletionStage<Long> epochEnd(Attempt attempt) {
        return around.truth().epochEnd(log.facts().partition(), attempt.cursor().orElseThrow().leaderEpoch(), attempt.log(log.facts()).leaderEpoch());
    }

    private CompletionStage<Long> lastShared(Room room, Attempt attempt) {
        long shared = attempt.log(log.facts()).sharedWith(attempt.cursor().orElseThrow());
        return new CutSearch(around.history(), room, shared).lastSeqUpTo(attempt.seenSeq(room));
    }

    private CompletionStage<LogPage> oldestMissed(Room room, Attempt attempt) {
        long seen = attempt.seenSeq(room);
        String epoch = room.head().epoch();
        return around.history().after(room.name(), seen, 1, Math.min(seen + 1, room.head().seq())).thenApply(answer -> {
            if (!Objects.equals(answer.epoch(), epoch)) {
                throw new IllegalStateException("unable to judge a cursor; history holds another epoch");
            }
            return answer;
        });
    }

    private <T> void learn(CompletionStage<T> fact, Consumer<T> taken, Room room, Attempt attempt, BiConsumer<Room, Attempt> again) {
        attempt.ask(true);
        fact.whenCompleteAsync((value, failure) -> {
            attempt.ask(false);
            if (!room.attempts().contains(attempt)) {
                return;
            }
            if (failure != null) {
                room.attempts().remove(attempt);
                teller.unavailable(attempt.subscription(), failure);
            } else {
                taken.accept(value);
                again.accept(room, attempt);
            }
        }, around.owner());
    }

    private void attach(Room room, Attempt attempt, Position from, boolean resumed) {
        var subscription = attempt.subscription();
        boolean ahead = room.head().isBefore(from);
        Position point = ahead ? from : room.head();
        long offset = ahead ? attempt.cursor().orElseThrow().offset() : room.nextOffset();
        int epoch = ahead ? attempt.cursor().orElseThrow().leaderEpoch() : log.facts().leaderEpoch();
        String cursor = CursorCodec.encode(room.name(), new Cursor(log.facts().topicId(), log.facts().partition(), offset, epoch, point));
        room.attempts().remove(attempt);
        subscription.answer(true); // before the frame: who has read it may count on it
        Teller.send(subscription, new ServerFrame.Subscribed(subscription.ref(), room.name(), point.epoch(), point.seq(), cursor, resumed,
                point.seq() - from.seq()));
        subscription.attach(from, point.seq()); // after the frame: heads may speak of it from here on
        room.subscriptions().add(subscription);
    }
}
