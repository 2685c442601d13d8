package io.millrace.delivery.room;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Where comes from what the tail does not hold (DEL-7): the history view, and when that does not answer the log itself. A view that failed is left
 * alone for a while; then one question tries it, and nobody else waits for that. Its partition's owner alone may call it.
 */
final class Sources {
    private static final int PAUSE = 5;

    private final Surroundings around;
    private boolean away;
    private Instant askAgainAt;

    Sources(Surroundings around) {
        this.around = around;
    }

    /** Asks one, and the other if that fails; an answer is what to do with it. What the log cannot say is asked of the view however lately that failed. */
    CompletionStage<Runnable> ask(Supplier<CompletionStage<Runnable>> view, Supplier<CompletionStage<Runnable>> log) {
        return viewIsDue() ? askView(view).exceptionallyCompose(failure -> log.get())
                : log.get().exceptionallyComposeAsync(failure -> askView(view), around.owner());
    }

    private CompletionStage<Runnable> askView(Supplier<CompletionStage<Runnable>> view) {
        return view.get().whenCompleteAsync((answer, failure) -> {
            if (failure == null) {
                viewAnswered();
            } else {
                viewFailed();
            }
        }, around.owner());
    }

    /** Whether it failed a moment ago. */
    boolean isViewAway() {
        return away && around.clock().instant().isBefore(askAgainAt);
    }

    void viewFailed() {
        away = true;
        pause();
    }

    void viewAnswered() {
        away = false;
    }

    /** The log answered, but has a hole where the next entry should be: the view is asked next. */
    void logFailed() {
        away = false;
    }

    private boolean viewIsDue() {
        if (isViewAway()) {
            return false;
        }
        if (away) {
            pause();
        }
        return true;
    }

    private void pause() {
        askAgainAt = around.clock().instant().plus(around.settings().retryAfter().multipliedBy(PAUSE));
    }
}
