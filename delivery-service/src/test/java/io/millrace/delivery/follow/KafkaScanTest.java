package io.millrace.delivery.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.delivery.room.LogScan.Question;
import io.millrace.delivery.room.LogScan.Stretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-7: questions to the log while Kafka does not answer; HistoryAwayIT has the answers of a real broker. */
class KafkaScanTest {
    private static final int WAITING = 8;

    private final CountDownLatch unanswered = new CountDownLatch(1);
    private final AtomicInteger made = new AtomicInteger();
    private final Counted counted = new Counted();
    private final KafkaScan scan = new KafkaScan("log", this::kafkaThatIsAway, new ScanSettings(1000, 1000, WAITING, Duration.ofSeconds(1)), counted);

    @BeforeEach
    void start() {
        scan.start();
    }

    @AfterEach
    void close() {
        unanswered.countDown();
        scan.close();
    }

    @Test
    @DisplayName("DEL-7: questions that wait are bounded and counted: one more fails at once, and may be asked again later")
    void refusesMoreQuestionsThanMayWait() {
        List<CompletableFuture<Stretch>> waiting = new ArrayList<>();
        for (int from = 0; from < WAITING; from++) {
            waiting.add(ask(from));
        }

        assertThat(ask(WAITING)).failsWithin(Duration.ZERO).withThrowableOfType(Exception.class).withRootCauseInstanceOf(RejectedExecutionException.class);
        assertThat(counted.refused).hasValue(1);
        assertThat(counted.waiting).hasValue(WAITING);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        unanswered.countDown();
        await().until(() -> waiting.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        assertThat(counted.failed).hasValue(WAITING);
        assertThat(counted.waiting).hasValue(0);
        int before = made.get();
        ask(WAITING);
        await().until(() -> made.get() == before + 1);
    }

    @Test
    @DisplayName("DEL-7: who asks the same shares the answer")
    void asksOnceForAllWhoWantToKnowTheSame() {
        assertThat(ask(3)).isSameAs(ask(3));
        assertThat(counted.waiting).hasValue(1);
    }

    @Test
    void tellsWhoWaitsWhenTheServiceStops() {
        var waiting = ask(0);
        unanswered.countDown();
        scan.close();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(ask(1)).isCompletedExceptionally();
    }

    private CompletableFuture<Stretch> ask(long from) {
        return scan.read(0, new Question("a", from, Long.MAX_VALUE, 10, false)).toCompletableFuture();
    }

    private KafkaConsumer<byte[], byte[]> kafkaThatIsAway() {
        made.incrementAndGet();
        try {
            unanswered.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new KafkaException("away");
    }

    private static final class Counted implements ScanEvents {
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        @Override
        public void waiting(int change) {
            waiting.addAndGet(change);
        }

        @Override
        public void refused() {
            refused.incrementAndGet();
        }

        @Override
        public void answered() {
        }

        @Override
        public void failed() {
            failed.incrementAndGet();
        }

        @Override
        public void read(long bytes) {
        }
    }
}
