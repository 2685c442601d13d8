package io.millrace.delivery.room;

import static io.millrace.contract.record.DiscontinuityReason.SERVER;

import java.util.List;

/**
 * Compares repeats with what was sent (DEL-5): an aborted transaction is written again with the same content. One that differs is an alarm,
 * and whoever was given the old content is told that everything from there up to the head is void.
 */
final class Doubts {
    private final Surroundings around;
    private final Teller teller;

    Doubts(Surroundings around, Teller teller) {
        this.around = around;
        this.teller = teller;
    }

    void compare(Room room, LoggedEntry repeat) {
        room.repeated(repeat);
        LoggedEntry known = room.tail().get(repeat.seq());
        if (known == null || known.saysTheSameAs(repeat)) {
            around.events().repeatDropped();
            return;
        }
        around.events().repeatDiffers(room.name(), repeat.position());
        room.tail().replace(repeat);
        if (room.startDoubting(repeat.seq())) {
            tell(room, repeat.seq());
        }
    }

    private void tell(Room room, long from) {
        List<Doubted> doubted = room.subscriptions().stream()
                .filter(subscription -> subscription.seq() >= from)
                .map(subscription -> new Doubted(subscription, subscription.seq()))
                .toList();
        around.history().head(room.name(), 0).whenCompleteAsync((answer, failure) -> {
            long oldest = failure == null && answer.oldestSeq() > 0 ? answer.oldestSeq() : 1;
            for (Doubted one : doubted) {
                if (!one.subscription().hasEnded()) {
                    teller.gap(one.subscription(), SERVER, from, one.upTo(), oldest <= from, oldest);
                }
            }
        }, around.owner());
    }

    private record Doubted(Subscription subscription, long upTo) {
    }
}
