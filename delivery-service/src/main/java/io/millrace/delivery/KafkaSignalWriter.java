package io.millrace.delivery;

import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.record.SignalRecord;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.delivery.signal.SignalWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes room signals on a thread of its own, the only one that ever waits for Kafka here; entries never pass this way. Bounded: what finds too much
 * waiting, or waits too long, fails and is counted.
 */
final class KafkaSignalWriter implements SignalWriter, AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 20;
    private static final Duration LONGEST_BLOCK = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int POLL_MILLIS = 200;

    private final Topics topics;
    private final SignalMetrics metrics;
    private final long patienceNanos;
    private final Map<String, Object> options;
    private final BlockingQueue<Waiting> queue;
    private final Thread thread = new Thread(this::run, "delivery-signals");
    private volatile boolean running = true;
    private volatile KafkaProducer<String, byte[]> producer;

    /** {@code unwritten} signals at most wait, each at most {@code timeout}. */
    KafkaSignalWriter(Topics topics, Map<String, Object> kafka, int unwritten, Duration timeout, SignalMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
        patienceNanos = timeout.toNanos();
        queue = new ArrayBlockingQueue<>(unwritten);
        options = options(kafka, timeout);
        thread.setDaemon(true);
    }

    private static Map<String, Object> options(Map<String, Object> kafka, Duration timeout) {
        int millis = Math.toIntExact(timeout.toMillis());
        Map<String, Object> options = new HashMap<>(kafka);
        options.putAll(Map.of(
                ProducerConfig.CLIENT_ID_CONFIG, "delivery-signals",
                ProducerConfig.ACKS_CONFIG, "all", // ok means that no broker's death takes it back
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, // of two versions the newer one must stay the last of its key
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis / 2),
                ProducerConfig.LINGER_MS_CONFIG, 0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK.toMillis(),
                ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES));
        options.remove(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
        options.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        return options;
    }

    void start() {
        thread.start();
    }

    @Override
    public CompletionStage<Void> tell(SignalRecord signal) {
        var topic = topics.roomSignals();
        return write(topic, Topics.partition(signal.room(), topic.partitions()), signal.room(), topic.encode(signal), signal.room(), signal.at());
    }

    @Override
    public CompletionStage<Void> keep(int partition, String key, PresenceRecord record) {
        var topic = topics.presence();
        return record == null ? write(topic, partition, key, null, key, Instant.now())
                : write(topic, partition, key, topic.encode(record), record.room() == null ? record.pod() : record.room(), record.at());
    }

    private CompletionStage<Void> write(Topic<?> topic, int partition, String key, byte[] value, String subject, Instant at) {
        var record = new ProducerRecord<>(topic.name(), partition, key, value);
        RecordHeaders.add(record.headers(), RecordHeaders.cloudEvent(topic, "delivery", UUID.randomUUID().toString(), subject, at));
        var waiting = new Waiting(record, System.nanoTime(), new CompletableFuture<>());
        if (!running || !queue.offer(waiting)) {
            failed(waiting, new IllegalStateException("too many signals wait for Kafka"));
        }
        return waiting.written();
    }

    private void run() {
        while (running || !queue.isEmpty()) {
            try {
                Waiting next = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(next);
                }
            } catch (InterruptedException e) {
                running = false;
            }
        }
    }

    private void send(Waiting next) {
        if (System.nanoTime() - next.since() > patienceNanos) {
            failed(next, new TimeoutException("Kafka does not take signals"));
            return;
        }
        try {
            producer().send(next.record(), (at, failure) -> {
                if (failure == null) {
                    metrics.written.increment();
                    next.written().complete(null);
                } else {
                    failed(next, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(next, e);
        }
    }

    /** Made when it is first needed: while the brokers' names do not resolve none can be made. */
    private KafkaProducer<String, byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(options, new StringSerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    private void failed(Waiting waiting, Exception cause) {
        metrics.unwritten.increment();
        DeliveryLog.unwritten(cause);
        waiting.written().completeExceptionally(cause);
    }

    /** Writes what waits, as far as Kafka takes it in time. */
    @Override
    public void close() {
        running = false;
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (producer != null) {
            producer.close(CLOSE);
        }
    }

    private record Waiting(ProducerRecord<String, byte[]> record, long since, CompletableFuture<Void> written) {
    }
}
