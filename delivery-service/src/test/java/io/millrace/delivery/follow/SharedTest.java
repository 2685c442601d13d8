package io.millrace.delivery.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1: facts asked for a cursor are never older than the cursor. */
class SharedTest {
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private final Shared<String> shared = new Shared<>(this::question);

    @Test
    @DisplayName("CON-1: who asks while an answer is on its way gets the next one, together with all who do")
    void givesNobodyAnAnswerThatWasAskedForBefore() {
        var first = shared.ask().toCompletableFuture();
        var second = shared.ask().toCompletableFuture();
        var third = shared.ask().toCompletableFuture();
        assertThat(asked).hasSize(1);

        asked.get(0).complete("old");
        assertThat(first).isCompletedWithValue("old");
        assertThat(second).isNotDone();
        assertThat(asked).hasSize(2);

        asked.get(1).complete("new");
        assertThat(second).isCompletedWithValue("new");
        assertThat(third).isCompletedWithValue("new");
    }

    @Test
    void goesOnAfterAFailure() {
        var first = shared.ask().toCompletableFuture();
        var second = shared.ask().toCompletableFuture();

        asked.get(0).completeExceptionally(new IllegalStateException());
        asked.get(1).complete("there");
        var third = shared.ask().toCompletableFuture();
        asked.get(2).complete("again");

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue("there");
        assertThat(third).isCompletedWithValue("again");
    }

    private CompletionStage<String> question() {
        var answer = new CompletableFuture<String>();
        asked.add(answer);
        return answer;
    }

    @Test
    void asksAgainAfterAQuestionThatCouldNotBePut() {
        var tries = new AtomicInteger();
        var shared = new Shared<Integer>(() -> {
            if (tries.getAndIncrement() == 0) {
                throw new IllegalStateException("not now");
            }
            return CompletableFuture.completedFuture(7);
        });

        assertThat(shared.ask().toCompletableFuture()).isCompletedExceptionally();
        assertThat(shared.ask().toCompletableFuture()).isCompletedWithValue(7);
    }
}
