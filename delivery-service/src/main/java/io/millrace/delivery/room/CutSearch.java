package io.millrace.delivery.room;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the last entry of a room that a cut of the log at {@code offset} left: entries stand in the order of their offsets, so history is asked
 * for one entry in the middle of what is in doubt, again and again. Any thread.
 */
final class CutSearch {
    private final History history;
    private final String room;
    private final String epoch;
    private final long head;
    private final long offset;

    CutSearch(History history, Room room, long offset) {
        this.history = history;
        this.room = room.name();
        this.epoch = room.head().epoch();
        this.head = room.head().seq();
        this.offset = offset;
    }

    /** The highest seq, {@code most} at most, whose entry stands below the cut; 0 where none does. */
    CompletionStage<Long> lastSeqUpTo(long most) {
        return between(0, Math.min(most, head));
    }

    /** {@code left} is below the cut, what comes after {@code most} is not. */
    private CompletionStage<Long> between(long left, long most) {
        if (left >= most) {
            return CompletableFuture.completedStage(left);
        }
        long middle = left + (most - left + 1) / 2;
        return history.after(room, middle - 1, 1, middle).thenCompose(answer -> {
            if (!Objects.equals(answer.epoch(), epoch)) {
                throw new IllegalStateException("unable to find where the log was cut; history holds another epoch");
            }
            return isLeft(answer, most) ? between(answer.items().get(0).seq(), most) : between(left, middle - 1);
        });
    }

    private boolean isLeft(LogPage answer, long most) {
        return !answer.items().isEmpty() && answer.items().get(0).offset() < offset && answer.items().get(0).seq() <= most;
    }
}
