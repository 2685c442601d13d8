package io.millrace.delivery.follow;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * Any thread may ask; one thread of its own asks Kafka, for all partitions that are asked about at once, and only while there are questions.
 * Questions that wait and answers kept are bounded.
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
    private final Map<Question, CompletableFuture<Long>> waiting = new LinkedHashMap<>();
    private final Map<Question, CompletableFuture<Long>> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, CompletableFuture<Long>> eldest) {
            return size() > KEPT;
        }
    };
    private boolean asking;

    /** {@code consumers} makes consumers that are never reset. */
    public EpochEnds(Supplier<KafkaConsumer<byte[], byte[]>> consumers, Duration timeout) {
        this.consumers = consumers;
        this.timeout = timeout;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var asker = new Thread(task, "delivery-epoch-ends");
            asker.setDaemon(true);
            return asker;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** {@code epoch} is over: the leader's is {@code now} at least, so the answer stays as it is until there is a later one. */
    CompletionStage<Long> ask(TopicPartition at, int epoch, int now) {
        var question = new Question(at, epoch, now);
        CompletableFuture<Long> answer;
        synchronized (this) {
            var known = answers.get(question);
            if (known != null) {
                return known;
            }
            if (waiting.size() == WAITING) {
                return CompletableFuture.failedFuture(new RejectedExecutionException("unable to ask for a leader epoch; too many questions wait"));
            }
            answer = new CompletableFuture<>();
            answers.put(question, answer);
            waiting.put(question, answer);
        }
        answer.whenComplete((end, failure) -> {
            if (failure != null) {
                forget(question, answer);
            }
        });
        begin();
        return answer;
    }

    private synchronized void forget(Question question, CompletableFuture<Long> answer) {
        answers.remove(question, answer);
    }

    private synchronized void begin() {
        if (!asking && !thread.isShutdown()) {
            asking = true;
            thread.execute(this::askAll);
        }
    }

    private void askAll() {
        for (var round = nextRound(); !round.isEmpty(); round = nextRound()) {
            try {
                ask(round);
                round.values().forEach(one -> one.fail(new TimeoutException("unable to learn where " + one.question() + " ends")));
            } catch (RuntimeException e) {
                FollowLog.trouble("leader epochs", e);
                round.values().forEach(one -> one.fail(e));
            }
        }
    }

    /** A consumer stands at one place of a partition: the oldest question of each. */
    private synchronized Map<TopicPartition, Open> nextRound() {
        Map<TopicPartition, Open> round = new HashMap<>();
        waiting.forEach((question, answer) -> round.putIfAbsent(question.at(), new Open(question, answer)));
        round.values().forEach(one -> waiting.remove(one.question()));
        asking = !round.isEmpty();
        return round;
    }

    /** Removes from {@code open} what Kafka has answered in time. */
    private void ask(Map<TopicPartition, Open> open) {
        try (var consumer = new Closing(consumers.get())) {
            long deadline = System.nanoTime() + timeout.toNanos();
            while (!open.isEmpty() && System.nanoTime() < deadline) {
                place(consumer.kafka(), open);
                listen(consumer.kafka(), open, deadline);
            }
        }
    }

    private static void place(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Open> open) {
        consumer.assign(open.keySet());
        open.forEach((at, one) -> consumer.seek(at, new OffsetAndMetadata(NOWHERE, Optional.of(one.question().epoch()), "")));
    }

    /** A consumer keeps one refusal only, that of a single broker: those of others meanwhile are lost, and their partitions must be placed anew. */
    private static void listen(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Open> open, long deadline) {
        try {
            while (System.nanoTime() < deadline) {
                consumer.poll(POLL);
            }
        } catch (LogTruncationException e) {
            for (TopicPartition at : e.partitions()) {
                var end = e.divergentOffsets().get(at);
                open.remove(at).answer().complete(end == null ? 0 : end.offset()); // a leader that knows no such epoch vouches for nothing
            }
        }
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
    }

    private record Question(TopicPartition at, int epoch, int now) {
        @Override
        public String toString() {
            return "leader epoch " + epoch + " of " + at;
        }
    }

    private record Open(Question question, CompletableFuture<Long> answer) {
        void fail(RuntimeException cause) {
            answer.completeExceptionally(cause);
        }
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
