package io.millrace.delivery.follow;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Asks partition leaders where the records of an older leader epoch end in their log: what a former leader wrote beyond was cut off (CON-1). Kafka's
 * admin client cannot ask it, but a consumer does before it reads on: one that is never reset and is sent to the end of all offsets is told.
 * Any thread may ask; one thread of its own asks Kafka, and only while there are questions. Questions that wait and answers kept are bounded.
 */
public final class EpochEnds implements AutoCloseable {
    private static final int WAITING = 1024;
    private static final int KEPT = 4096;
    private static final long NOWHERE = Long.MAX_VALUE;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long IDLE_SECONDS = 30;

    private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
    private final Duration timeout;
    private final ThreadPoolExecutor thread;
    private final Map<Question, CompletableFuture<Long>> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, CompletableFuture<Long>> eldest) {
            return size() > KEPT;
        }
    };

    /** {@code consumers} makes consumers that are never reset. */
    public EpochEnds(Supplier<KafkaConsumer<byte[], byte[]>> consumers, Duration timeout) {
        this.consumers = consumers;
        this.timeout = timeout;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
            var asking = new Thread(task, "delivery-epoch-ends");
            asking.setDaemon(true);
            return asking;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** {@code epoch} is over: the leader's is {@code now} at least, so the answer stays as it is until there is a later one. */
    CompletionStage<Long> ask(TopicPartition at, int epoch, int now) {
        var question = new Question(at, epoch, now);
        synchronized (answers) {
            var known = answers.get(question);
            if (known == null) {
                known = new CompletableFuture<>();
                answers.put(question, known);
                begin(question, known);
            }
            return known;
        }
    }

    private void begin(Question question, CompletableFuture<Long> answer) {
        answer.whenComplete((end, failure) -> {
            if (failure != null) {
                forget(question, answer);
            }
        });
        try {
            thread.execute(() -> answer(question, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
    }

    private void answer(Question question, CompletableFuture<Long> answer) {
        try {
            answer.complete(read(question));
        } catch (RuntimeException e) {
            FollowLog.trouble(question.at().topic(), e);
            answer.completeExceptionally(e);
        }
    }

    private long read(Question question) {
        var at = question.at();
        try (var consumer = new Closing(consumers.get())) {
            consumer.kafka().assign(List.of(at));
            consumer.kafka().seek(at, new OffsetAndMetadata(NOWHERE, Optional.of(question.epoch()), ""));
            long deadline = System.nanoTime() + timeout.toNanos();
            while (System.nanoTime() < deadline) {
                consumer.kafka().poll(POLL);
            }
        } catch (LogTruncationException e) {
            var end = e.divergentOffsets().get(at);
            return end == null ? 0 : end.offset(); // a leader that knows no such epoch vouches for nothing
        }
        throw new TimeoutException("unable to learn where leader epoch " + question.epoch() + " of " + at + " ends");
    }

    private void forget(Question question, CompletableFuture<Long> answer) {
        synchronized (answers) {
            answers.remove(question, answer);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private record Question(TopicPartition at, int epoch, int now) {
    }

    private record Closing(KafkaConsumer<byte[], byte[]> kafka) implements AutoCloseable {
        @Override
        public void close() {
            try {
                kafka.close(CloseOptions.timeout(Duration.ZERO));
            } catch (KafkaException e) {
                FollowLog.trouble("a consumer", e);
            }
        }
    }
}
