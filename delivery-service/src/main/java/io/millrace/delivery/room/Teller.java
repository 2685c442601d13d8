package io.millrace.delivery.room;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.delivery.continuity.Verdict;

/** Tells clients about their subscriptions; every discontinuity told is also recorded (CON-6). */
final class Teller {
    private final Surroundings around;

    Teller(Surroundings around) {
        this.around = around;
    }

    void entry(Subscription subscription, LoggedEntry entry) {
        boolean replay = subscription.replays(entry.seq());
        byte[] frame = entry.frame(replay);
        subscription.outlet().send(frame);
        subscription.moveTo(entry);
        if (replay) {
            around.events().replayed(frame.length);
        } else {
            around.events().delivered(frame.length);
        }
    }

    void lost(Subscription subscription, Verdict.Lost lost) {
        gap(subscription, lost.reason(), lost.from(), lost.to(), lost.recoverable(), lost.oldestSeq());
    }

    void gap(Subscription subscription, DiscontinuityReason reason, long from, long to, boolean recoverable, long oldestSeq) {
        String room = subscription.room();
        long lost = to - from + 1;
        send(subscription, new ServerFrame.Gap(room, reason, from, to, lost, recoverable, oldestSeq));
        around.events().discontinuity(new Discontinuity(room, reason, from, to, lost, recoverable, oldestSeq, subscription.sender(), around.clock().instant()));
    }

    void lag(Subscription subscription, long behind) {
        if (!subscription.lagTold()) {
            subscription.tellLag(true);
            around.events().lagging(1);
            send(subscription, new ServerFrame.Lag(subscription.room(), behind));
        }
    }

    void caughtUp(Subscription subscription) {
        if (subscription.lagTold()) {
            noLag(subscription);
            send(subscription, new ServerFrame.CaughtUp(subscription.room(), subscription.seq()));
        }
    }

    void noLag(Subscription subscription) {
        if (subscription.lagTold()) {
            subscription.tellLag(false);
            around.events().lagging(-1);
        }
    }

    void unavailable(Subscription subscription, Throwable cause) {
        around.events().unavailable(subscription.room(), cause);
        send(subscription, new ServerFrame.Error(subscription.ref(), null, ErrorCode.UNAVAILABLE,
                "unable to subscribe; the log or its history cannot be read now", true, around.settings().retryAfter().toMillis()));
        subscription.answer(false);
    }

    void replaced(Subscription subscription) {
        send(subscription, ServerFrame.Error.of(ErrorCode.NOT_SUBSCRIBED, "unable to subscribe; a later request took its place", subscription.ref()));
        subscription.answer(false);
    }

    static void send(Subscription subscription, ServerFrame frame) {
        subscription.outlet().send(frame.bytes());
    }
}
