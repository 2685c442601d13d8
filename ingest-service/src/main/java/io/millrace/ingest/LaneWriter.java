package io.millrace.ingest;

import io.millrace.contract.message.Lane;
import io.millrace.gate.limit.Pace;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Appends messages to the lane topics (ING-2, ING-3): one idempotent producer, so that what is handed over in order is appended in
 * order and once. {@link #append} never blocks: {@link LaneTopics} opens it once the topics are known, {@link Unwritten} keeps the
 * producer's buffer from filling. Safe on any thread.
 */
@Singleton
class LaneWriter {
    private static final int LEARN_ATTEMPTS = 100;
    private static final long LEARN_PAUSE_MS = 20;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private final IngestConfig config;
    private final IngestTopics topics;
    private final Unwritten unwritten;
    private final IngestMetrics metrics;
    private final Pace<Class<?>> logPace = new Pace<>(1, 1, System::nanoTime);
    private volatile KafkaProducer<String, byte[]> producer;
    private volatile String closedBecause = "the lane topics have not been found yet";
    private volatile boolean broken;
    private volatile boolean failing;
    private Long answeringSince;

    @Inject
    LaneWriter(@Identifier("default-kafka-broker") Map<String, Object> kafka, IngestConfig config, IngestTopics topics, IngestMetrics metrics) {
        this.kafka = kafka;
        this.config = config;
        this.topics = topics;
        this.metrics = metrics;
        unwritten = new Unwritten(config.unwritten().asLongValue());
        metrics.watch(unwritten::bytes);
    }

    /**
     * Starts to make the draft durable; false when too much is on its way already. {@code done} is called exactly once, on any thread:
     * with null when every in-sync replica has the record, else with why it has not become durable in time.
     */
    boolean append(Draft draft, Consumer<AppendFailure> done) {
        String closed = closedBecause;
        if (closed != null) {
            done.accept(AppendFailure.unavailable(closed, config.retryAfter()));
            return true;
        }
        if (!unwritten.reserve(draft.bytes())) {
            return false;
        }
        send(draft, done, producer, System.nanoTime());
        return true;
    }

    private void send(Draft draft, Consumer<AppendFailure> done, KafkaProducer<String, byte[]> by, long started) {
        try {
            by.send(draft.record(), (at, cause) -> {
                unwritten.release(draft.bytes());
                metrics.appended(started, cause == null);
                failing = cause != null;
                done.accept(cause == null ? null : failure(cause, by));
            });
        } catch (KafkaException | IllegalStateException e) {
            unwritten.release(draft.bytes());
            done.accept(failure(e, by));
        }
    }

    /** Runs the action once, on any thread, when {@link #append} has room again. */
    void whenFree(Runnable action) {
        unwritten.whenFree(action);
    }

    /** Makes the producer know the lane topics, so that sending need not wait; fails while Kafka does not answer. Blocks its thread. */
    void learn() throws InterruptedException {
        if (producer == null || broken || failsThoughKafkaAnswers()) {
            replace();
        }
        for (Lane lane : Lane.values()) {
            learn(topics.topics().lane(lane).name());
        }
    }

    private void learn(String topic) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.partitionsFor(topic); // asks without waiting: the answer is there on a later attempt
                return;
            } catch (TimeoutException e) {
                if (attempt == LEARN_ATTEMPTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(LEARN_PAUSE_MS);
            }
        }
    }

    /** Kafka has not answered: what fails meanwhile is no fault of the producer's. */
    void unanswered() {
        answeringSince = null;
    }

    void open() {
        closedBecause = null;
    }

    void close(String reason) {
        closedBecause = reason;
    }

    private AppendFailure failure(Exception cause, KafkaProducer<String, byte[]> by) {
        if (!(cause instanceof RetriableException) && by == producer) {
            broken = broken || !(cause instanceof ApiException);
            if (logPace.pass(cause.getClass()).isZero()) {
                IngestLog.unexpected(cause);
            }
        }
        return AppendFailure.of(cause, config.retryAfter());
    }

    /** Asked only when Kafka has just answered others: if that goes on and nothing gets through, the producer may know only brokers that are gone. */
    private boolean failsThoughKafkaAnswers() {
        long now = System.nanoTime();
        answeringSince = failing && answeringSince != null ? answeringSince : Long.valueOf(now);
        return now - answeringSince > 2 * config.produceDeadline().toNanos();
    }

    /** A producer that failed beyond repair never recovers by itself; what it still holds fails and is answered so. */
    private void replace() {
        KafkaProducer<String, byte[]> old = producer;
        broken = false;
        failing = false;
        producer = new KafkaProducer<>(ProducerOptions.of(kafka, config, topics.partitions()));
        if (old != null) {
            old.close(Duration.ZERO);
            IngestLog.replaced();
        }
    }

    @PreDestroy
    void flush() {
        closedBecause = "the server is going away";
        if (producer != null) {
            producer.close(CLOSE_PATIENCE);
        }
    }
}
