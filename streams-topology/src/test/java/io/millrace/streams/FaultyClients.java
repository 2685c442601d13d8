package io.millrace.streams;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Kafka's own clients, until a test lets a stream thread die or stand still in the middle of a transaction. */
public final class FaultyClients implements KafkaClientSupplier {
    private final AtomicLong sendsLeft = new AtomicLong(Long.MAX_VALUE);
    private volatile CountDownLatch pause;

    /** The thread dies at its {@code sends}th record from now. */
    public void dieAfter(long sends) {
        sendsLeft.set(sends);
    }

    /** The thread stands still at its next record until {@link #resume()}. */
    public void pause() {
        pause = new CountDownLatch(1);
    }

    public void resume() {
        pause.countDown();
        pause = null;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                standStill();
                if (sendsLeft.decrementAndGet() < 0) {
                    throw new PlannedDeath();
                }
                return super.send(record, callback);
            }
        };
    }

    /** Whether a thread died because a test wanted it to. */
    static boolean planned(Throwable death) {
        return death != null && (death instanceof PlannedDeath || planned(death.getCause()));
    }

    private void standStill() {
        var standing = pause;
        if (standing != null) {
            try {
                standing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getConsumer(config);
    }

    private static final class PlannedDeath extends RuntimeException {
        PlannedDeath() {
            super("killed by the test");
        }
    }
}
