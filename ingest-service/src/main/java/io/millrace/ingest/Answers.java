package io.millrace.ingest;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Brings outcomes from the producer's thread to a connection's event loop, all that are there in one turn, so that their answers
 * leave joined (ING-7). Holds at most what is unanswered on that connection. {@link #add} is safe on any thread.
 */
final class Answers {
    private final Context context;
    private final BiConsumer<Pending, AppendFailure> each;
    private final Runnable afterwards;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Answers(Context context, BiConsumer<Pending, AppendFailure> each, Runnable afterwards) {
        this.context = context;
        this.each = each;
        this.afterwards = afterwards;
    }

    void add(Pending pending, AppendFailure failure) {
        outcomes.add(new Outcome(pending, failure));
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(tick -> bring());
        }
    }

    private void bring() {
        scheduled.set(false);
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            each.accept(outcome.pending, outcome.failure);
        }
        afterwards.run();
    }

    private record Outcome(Pending pending, AppendFailure failure) {
    }
}
