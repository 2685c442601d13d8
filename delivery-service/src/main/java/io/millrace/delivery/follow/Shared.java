package io.millrace.delivery.follow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A question that many ask: it is on its way once at a time, and who asks meanwhile shares the next answer. Any thread. */
final class Shared<T> {
    private final Supplier<CompletionStage<T>> question;
    private boolean underWay;
    private CompletableFuture<T> next;

    Shared(Supplier<CompletionStage<T>> question) {
        this.question = question;
    }

    CompletionStage<T> ask() {
        var mine = new CompletableFuture<T>();
        synchronized (this) {
            if (underWay) {
                next = next == null ? mine : next;
                return next;
            }
            underWay = true;
        }
        begin(mine);
        return mine;
    }

    private void begin(CompletableFuture<T> asked) {
        begun().whenComplete((answer, failure) -> {
            goOn();
            if (failure == null) {
                asked.complete(answer);
            } else {
                asked.completeExceptionally(failure);
            }
        });
    }

    /** A question that cannot even be put has failed: else it would count as on its way for ever. */
    private CompletionStage<T> begun() {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void goOn() {
        CompletableFuture<T> waiting;
        synchronized (this) {
            waiting = next;
            next = null;
            underWay = waiting != null;
        }
        if (waiting != null) {
            begin(waiting);
        }
    }
}
