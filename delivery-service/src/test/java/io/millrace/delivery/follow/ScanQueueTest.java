package io.millrace.delivery.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.follow.ScanQueue.Asked;
import io.millrace.delivery.room.LogScan.Question;
import io.millrace.delivery.room.LogScan.Stretch;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-7: which questions one reading of the log is for. */
class ScanQueueTest {
    private final ScanQueue queue = new ScanQueue(100, new Uncounted());

    @Test
    @DisplayName("DEL-7: the oldest question is next, together with all of its partition that begin no earlier")
    void joinsQuestionsToTheOldest() throws InterruptedException {
        queue.add(1, from(50));
        queue.add(1, from(40));
        queue.add(2, from(60));
        queue.add(1, from(70));

        assertThat(queue.next(1)).containsExactly(new Asked(1, from(50)), new Asked(1, from(70)));
    }

    @Test
    @DisplayName("DEL-7: who is not answered keeps its place and is next in its turn")
    void keepsThePlaceOfWhoWasNotAnswered() throws InterruptedException {
        var first = queue.add(1, from(50)).toCompletableFuture();
        var far = queue.add(1, from(5000)).toCompletableFuture();
        queue.add(1, from(40));
        var nothing = new Stretch(List.of(), 60);
        queue.answer(new Asked(1, from(50)), nothing);

        assertThat(first).isCompletedWithValue(nothing);
        assertThat(far).isNotDone();
        assertThat(queue.next(1)).containsExactly(new Asked(1, from(5000)));
    }

    @Test
    void waitsForAQuestionOnlySoLong() throws InterruptedException {
        assertThat(queue.next(1)).isEmpty();
    }

    private static Question from(long offset) {
        return new Question("a", offset, Long.MAX_VALUE, 10, false);
    }

    private static final class Uncounted implements ScanEvents {
        @Override
        public void waiting(int change) {
        }

        @Override
        public void refused() {
        }

        @Override
        public void answered() {
        }

        @Override
        public void failed() {
        }

        @Override
        public void read(long bytes) {
        }
    }
}
