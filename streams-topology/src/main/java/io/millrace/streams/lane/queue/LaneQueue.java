package io.millrace.streams.lane.queue;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.contract.record.HookVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides when the messages of one lane go on: in the order of their positions, without exception (SYN-1, SYN-3..6). Pure: what waits,
 * what messages need and where decisions go are given; one instance serves one event of one lane, on the stream thread.
 */
public final class LaneQueue {
    private final LaneSettings settings;
    private final Waiting waiting;
    private final Needs needs;
    private final LaneOutlet outlet;
    private LaneState state;

    public LaneQueue(LaneSettings settings, LaneState state, Waiting waiting, Needs needs, LaneOutlet outlet) {
        this.settings = settings;
        this.state = state;
        this.waiting = waiting;
        this.needs = needs;
        this.outlet = outlet;
    }

    public LaneState state() {
        return state;
    }

    /** The position of the next message in a lane that counts by arrival (ING-1). */
    public static long positionByArrival(LaneState state) {
        return state.next() + state.waiting();
    }

    public void arrive(LaneMessage message, long now) {
        state = state.touched(now);
        if (isLate(message.position())) {
            outlet.fail(message, List.of(), Cause.of(ErrorCode.OVERTAKEN, "unable to keep the order; the lane has gone past laneSeq " + message.position()));
        } else if (message.position() > state.next() || state.head().waits()) {
            hold(message);
        } else {
            enter(message);
            attempt(message, List.of(), now);
            advance(now);
        }
    }

    /** The hook has answered; an answer to anything but the attempt under way is too late to count. */
    public void verdict(HookVerdict verdict, long now) {
        if (!(state.head() instanceof Head.Asking asking) || asking.attempt() != verdict.attempt()) {
            return;
        }
        var message = waiting.get(state.next());
        if (!message.isNamed(verdict.room(), verdict.id())) {
            return;
        }
        if (verdict.allows()) {
            allow(message, asking, verdict, now);
        } else {
            attemptFailed(message, asking.failed(), verdict.failure(), now);
        }
        advance(now);
    }

    /** An attachment that the head may wait for has been uploaded, or has failed. */
    public void uploaded(long now) {
        if (state.head() instanceof Head.Uploading) {
            attempt(waiting.get(state.next()), List.of(), now);
            advance(now);
        }
    }

    /** The clock has reached a time this lane asked for. */
    public void due(long now, long resumedAt) {
        var head = state.head();
        if (head.dueAt(settings, resumedAt) > now) {
            return;
        }
        if (head instanceof Head.Missing) {
            state = state.head(new Head.Passing(Settling.since(now)));
        } else if (head instanceof Head.Passing passing) {
            pass(passing.settling().look(now), now);
        } else if (head instanceof Head.Uploading) {
            state = state.head(new Head.Failing(List.of(), Cause.of(ErrorCode.UPLOAD_TIMEOUT, "unable to sync; attachments were not uploaded in time"), Settling.since(now)));
        } else if (head instanceof Head.Asking asking) {
            unanswered(asking, now);
        } else if (head instanceof Head.Pausing pausing) {
            attempt(waiting.get(state.next()), pausing.failed(), now);
            advance(now);
        } else if (head instanceof Head.Failing failing) {
            giveUp(failing, failing.settling().look(now), now);
        }
    }

    /** Below the head, in a hole the lane has decided to pass, or used up by a message that failed. */
    private boolean isLate(long position) {
        return position < state.next()
                || state.head() instanceof Head.Passing && position < waiting.firstPosition()
                || state.usedUp().contains(position) && waiting.get(position) == null;
    }

    private void hold(LaneMessage message) {
        var holder = state.waiting() == 0 ? null : waiting.get(message.position());
        if (holder != null) {
            if (holder.isSameAs(message)) {
                outlet.absorb(message);
            } else {
                outlet.fail(message, List.of(), Cause.of(ErrorCode.OVERTAKEN, "unable to keep the order; another message waits at laneSeq " + message.position()));
            }
        } else if (state.waiting() >= settings.limit()) {
            outlet.fail(message, List.of(), Cause.of(ErrorCode.LANE_FULL, "unable to hold the message; " + settings.limit() + " already wait in its lane"));
            state = message.isCounted() ? state.usedUp(message.position()) : state;
        } else {
            enter(message);
            if (state.head() instanceof Head.Open) {
                state = state.head(new Head.Missing(message.arrivedAt()));
            }
        }
    }

    /** Tries the message at the head: it goes on, fails, or keeps the lane waiting. */
    private void attempt(LaneMessage head, List<FailedAttempt> failed, long now) {
        var need = needs.of(head);
        if (need instanceof Need.Nothing) {
            handOn(head, failed);
        } else if (need instanceof Need.Verdict) {
            state = state.head(new Head.Asking(failed, now + settings.attempts().verdictTimeout().toMillis()));
            outlet.ask(head, failed.size() + 1);
        } else if (need instanceof Need.Impossible impossible) {
            fail(head, with(failed, impossible.cause(), now), impossible.cause());
        } else if (need instanceof Need.Uploads uploads) {
            awaitUploads(head, uploads);
        }
    }

    private void awaitUploads(LaneMessage message, Need.Uploads missing) {
        boolean alreadyTold = state.head() instanceof Head.Uploading;
        long deadline = message.accepted().at().plus(settings.attempts().uploadTimeout()).toEpochMilli();
        state = state.head(new Head.Uploading(deadline, missing.attachments()));
        if (!alreadyTold) {
            outlet.tellUploading(message);
        }
    }

    private void allow(LaneMessage message, Head.Asking asking, HookVerdict verdict, long now) {
        try {
            handOn(message.changedTo(verdict.applyTo(message.accepted())), asking.failed());
        } catch (InvalidMessage e) {
            attemptFailed(message, asking.failed(), unavailable("the hook's change is not a message; " + e.getMessage()), now);
        }
    }

    private void unanswered(Head.Asking asking, long now) {
        var cause = unavailable("it did not answer in time");
        if (asking.attempt() < settings.attempts().most()) {
            attemptFailed(waiting.get(state.next()), asking.failed(), cause, now);
        } else {
            state = state.head(new Head.Failing(with(asking.failed(), cause, now), cause, Settling.since(now)));
        }
    }

    private void attemptFailed(LaneMessage message, List<FailedAttempt> before, Cause cause, long now) {
        var failed = with(before, cause, now);
        if (cause.retryable() && failed.size() < settings.attempts().most()) {
            long nextAttemptAt = now + settings.attempts().retryInterval().toMillis();
            state = state.head(new Head.Pausing(failed, nextAttemptAt));
            outlet.tellSyncing(message, failed.get(failed.size() - 1), nextAttemptAt);
        } else {
            fail(message, failed, cause);
        }
    }

    private void giveUp(Head.Failing failing, Settling settling, long now) {
        state = state.head(new Head.Failing(failing.failed(), failing.cause(), settling));
        if (settling.isDone()) {
            fail(waiting.get(state.next()), failing.failed(), failing.cause());
            advance(now);
        }
    }

    private void pass(Settling settling, long now) {
        state = state.head(new Head.Passing(settling));
        if (settling.isDone()) {
            state = state.next(waiting.firstPosition()).head(Head.OPEN);
            advance(now);
        }
    }

    /** Lets go on what has waited for this moment, until the head has to wait for something. */
    private void advance(long now) {
        while (!state.head().waits() && state.waiting() > 0) {
            var head = waiting.get(state.next());
            if (head != null) {
                attempt(head, List.of(), now);
            } else if (state.usedUp().contains(state.next())) {
                state = state.next(Math.min(after(state.usedUp().lastFrom(state.next())), waiting.firstPosition()));
            } else {
                state = state.head(new Head.Missing(waiting.earliestArrival()));
                return;
            }
        }
        if (state.waiting() == 0 && state.usedUp().contains(state.next())) {
            state = state.next(after(state.usedUp().lastFrom(state.next())));
        }
    }

    private void handOn(LaneMessage message, List<FailedAttempt> failed) {
        outlet.handOn(message, failed);
        leave(message);
    }

    private void fail(LaneMessage message, List<FailedAttempt> failed, Cause cause) {
        outlet.fail(message, failed, cause);
        leave(message);
        if (settings.onFinalFailure() == OnFinalFailure.FAIL_REST) {
            failRest(message.id());
        }
    }

    /** What waits now fails too; what comes later goes on (SYN-6). */
    private void failRest(String id) {
        for (var message : state.waiting() == 0 ? List.<LaneMessage>of() : waiting.all()) {
            outlet.fail(message, List.of(), Cause.of(ErrorCode.LANE_FAILED, "unable to sync; message " + id + " before it in its lane has failed"));
            waiting.remove(message.position());
            state = state.usedUp(message.position());
        }
        state = state.waiting(0);
    }

    private void enter(LaneMessage message) {
        waiting.put(message);
        state = state.waiting(state.waiting() + 1);
    }

    private void leave(LaneMessage message) {
        waiting.remove(message.position());
        state = state.waiting(state.waiting() - 1).next(after(message.position())).head(Head.OPEN);
    }

    private static List<FailedAttempt> with(List<FailedAttempt> failed, Cause cause, long now) {
        List<FailedAttempt> all = new ArrayList<>(failed);
        all.add(new FailedAttempt(all.size() + 1, Instant.ofEpochMilli(now), cause));
        return all;
    }

    private static Cause unavailable(String why) {
        return Cause.of(ErrorCode.HOOK_UNAVAILABLE, "unable to ask the pre-sync hook; " + why);
    }

    private static long after(long position) {
        return position == Long.MAX_VALUE ? position : position + 1; // a client may count anything
    }
}
