package io.millrace.streams.lane;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.Cause;

/**
 * Decides when the messages of one lane go on: in the order of their positions, without exception (SYN-1, SYN-3). Pure: what waits and
 * where decisions go are given; one instance serves one event of one lane, on the stream thread.
 */
final class LaneQueue {
    private final LaneSettings settings;
    private final Waiting waiting;
    private final LaneOutlet outlet;
    private LaneState state;

    LaneQueue(LaneSettings settings, LaneState state, Waiting waiting, LaneOutlet outlet) {
        this.settings = settings;
        this.state = state;
        this.waiting = waiting;
        this.outlet = outlet;
    }

    LaneState state() {
        return state;
    }

    /** The position of the next message in a lane that counts by arrival (ING-1). */
    static long positionByArrival(LaneState state) {
        return state.next() + state.waiting();
    }

    void arrive(LaneMessage message, long now) {
        state = state.touched(now);
        if (isLate(message.position())) {
            outlet.fail(message, Cause.of(ErrorCode.OVERTAKEN, "unable to keep the order; the lane has gone past laneSeq " + message.position()));
        } else if (message.position() == state.next() && !headWaits()) {
            handOn(message);
            advance();
        } else {
            hold(message);
        }
    }

    /** The clock has reached a time this lane asked for. */
    void due(long now, long resumedAt) {
        if (state.head().dueAt(settings, resumedAt) > now) {
            return;
        }
        if (state.head() instanceof Head.Missing) {
            state = state.head(new Head.Passing(Settling.since(now)));
        } else if (state.head() instanceof Head.Passing passing) {
            var settling = passing.settling().look(now);
            state = state.head(new Head.Passing(settling));
            if (settling.isDone()) {
                state = state.next(waiting.firstPosition());
                advance();
            }
        }
    }

    /** Below the head, in a hole the lane has decided to pass, or used up by a message that failed. */
    private boolean isLate(long position) {
        return position < state.next()
                || state.head() instanceof Head.Passing && position < waiting.firstPosition()
                || state.usedUp().contains(position) && waiting.get(position) == null;
    }

    private boolean headWaits() {
        return !(state.head() instanceof Head.Open || state.head() instanceof Head.Missing);
    }

    private void hold(LaneMessage message) {
        var holder = state.waiting() == 0 ? null : waiting.get(message.position());
        if (holder != null) {
            if (!holder.isSameAs(message)) { // a resend needs nothing: its original will answer (SYN-2)
                outlet.fail(message, Cause.of(ErrorCode.OVERTAKEN, "unable to keep the order; another message waits at laneSeq " + message.position()));
            }
        } else if (state.waiting() >= settings.lane()) {
            outlet.fail(message, Cause.of(ErrorCode.LANE_FULL, "unable to hold the message; " + settings.lane() + " already wait in its lane"));
            state = state.usedUp(message.position());
        } else {
            waiting.put(message);
            state = state.waiting(state.waiting() + 1);
            if (state.head() instanceof Head.Open) {
                state = state.head(new Head.Missing(message.arrivedAt()));
            }
        }
    }

    /** Lets go on what has waited for this moment, until the head has to wait for something. */
    private void advance() {
        while (state.waiting() > 0) {
            var head = waiting.get(state.next());
            if (head != null) {
                waiting.remove(head.position());
                state = state.waiting(state.waiting() - 1);
                handOn(head);
            } else if (state.usedUp().contains(state.next())) {
                state = state.next(Math.min(after(state.usedUp().lastFrom(state.next())), waiting.firstPosition()));
            } else {
                state = state.head(new Head.Missing(waiting.earliestArrival()));
                return;
            }
        }
        if (state.usedUp().contains(state.next())) {
            state = state.next(after(state.usedUp().lastFrom(state.next())));
        }
        state = state.head(Head.OPEN);
    }

    private void handOn(LaneMessage message) {
        outlet.handOn(message);
        state = state.next(after(message.position()));
    }

    private static long after(long position) {
        return position == Long.MAX_VALUE ? position : position + 1; // a client may count anything
    }
}
