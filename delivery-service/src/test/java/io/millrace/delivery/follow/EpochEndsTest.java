package io.millrace.delivery.follow;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1: questions about leader epochs while Kafka does not answer; CutLogIT has the answers of a real broker. */
class EpochEndsTest {
    private static final TopicPartition LOG = new TopicPartition("log", 0);
    private static final int WAITING = 1024;

    private final CountDownLatch unanswered = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final EpochEnds ends = new EpochEnds(this::kafkaThatIsAway, Duration.ofSeconds(1));

    @AfterEach
    void close() {
        unanswered.countDown();
        ends.close();
    }

    @Test
    @DisplayName("CON-1: questions that wait are bounded: one more fails at once, and is asked again later")
    void failsAtOnceWhenTooManyQuestionsWait() {
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        waiting.add(ask(0));
        await().until(() -> asked.get() == 1);
        for (int epoch = 1; epoch <= WAITING; epoch++) {
            waiting.add(ask(epoch));
        }

        assertThat(ask(WAITING + 1)).isCompletedExceptionally().failsWithin(Duration.ZERO).withThrowableOfType(Exception.class).withRootCauseInstanceOf(RejectedExecutionException.class);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        unanswered.countDown();
        await().until(() -> waiting.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        int before = asked.get();
        ask(WAITING + 1);
        await().until(() -> asked.get() == before + 1);
    }

    @Test
    void asksOnceForAllWhoWantToKnowTheSame() {
        var first = ask(3);
        var second = ask(3);

        assertThat(second).isSameAs(first);
        await().until(() -> asked.get() == 1);
    }

    private CompletableFuture<Long> ask(int epoch) {
        return ends.ask(LOG, epoch, WAITING + 2).toCompletableFuture();
    }

    private KafkaConsumer<byte[], byte[]> kafkaThatIsAway() {
        asked.incrementAndGet();
        try {
            unanswered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new KafkaException("away");
    }
}
