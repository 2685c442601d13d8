package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows partitions of one topic with one consumer on one thread of its own (DEL-5): assigned, never reset, started exactly where it is told.
 * A reader that is busy pauses its own partition only.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long IDLE_MILLIS = 200;
    private static final long TROUBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final Supplier<KafkaConsumer<byte[], byte[]>> made;
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final Map<TopicPartition, PartitionReader> readers = new HashMap<>();
    private final Thread thread;
    private final Runnable held;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean running = true;

    /** {@code made} makes the consumer, which fails while the brokers' names do not resolve; {@code held} is told each time a busy reader's partition is not read. */
    public TopicFollower(String topic, Supplier<KafkaConsumer<byte[], byte[]>> made, Runnable held) {
        this.topic = topic;
        this.made = made;
        this.thread = new Thread(this::run, "delivery-" + topic);
        this.held = held;
        this.thread.setDaemon(true);
    }

    String topic() {
        return topic;
    }

    public void start() {
        thread.start();
    }

    /** Reads the partition from {@code start} on, where the log stood under {@code leaderEpoch}; replaces who read it before. */
    void follow(int partition, long start, int leaderEpoch, PartitionReader reader) {
        command(() -> {
            var at = new TopicPartition(topic, partition);
            readers.put(at, reader);
            consumer.assign(readers.keySet());
            // with the leader epoch the consumer finds out by itself that a log was cut, even one that has grown again since
            consumer.seek(at, new OffsetAndMetadata(start, leaderEpoch == Cursor.NO_EPOCH ? Optional.empty() : Optional.of(leaderEpoch), ""));
            consumer.resume(List.of(at));
        });
    }

    void release(int partition) {
        command(() -> drop(new TopicPartition(topic, partition)));
    }

    @Override
    public void close() {
        running = false;
        wakeUp();
        try {
            thread.join(2 * CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void command(Runnable command) {
        commands.add(command);
        wakeUp();
    }

    private void wakeUp() {
        var reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }

    private void run() {
        while (running) {
            try {
                turn();
            } catch (WakeupException e) {
                // a command waits, or the end
            } catch (OffsetOutOfRangeException e) {
                e.offsetOutOfRangePartitions().forEach(this::breakOff);
            } catch (KafkaException e) {
                FollowLog.trouble(topic, e);
                LockSupport.parkNanos(TROUBLE_NANOS);
            } catch (RuntimeException e) {
                FollowLog.bug(topic, e);
                LockSupport.parkNanos(TROUBLE_NANOS);
            } catch (InterruptedException e) {
                running = false;
            }
        }
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private void turn() throws InterruptedException {
        if (consumer == null) {
            consumer = made.get();
        }
        if (readers.isEmpty()) {
            Runnable command = commands.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            if (command != null) {
                command.run();
            }
        }
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        if (!readers.isEmpty()) {
            holdBusyReaders();
            handOver(consumer.poll(POLL));
        }
    }

    private void holdBusyReaders() {
        List<TopicPartition> busy = new ArrayList<>();
        List<TopicPartition> free = new ArrayList<>();
        readers.forEach((at, reader) -> (reader.isBusy() ? busy : free).add(at));
        if (!busy.isEmpty()) {
            held.run();
        }
        consumer.pause(busy);
        consumer.resume(free);
    }

    /** Positions come with the records: asking the consumer for them may wait for a broker. */
    private void handOver(ConsumerRecords<byte[], byte[]> records) {
        records.nextOffsets().forEach((at, next) -> readers.get(at).records(records.records(at), next.offset(), next.leaderEpoch().orElse(Cursor.NO_EPOCH)));
    }

    private void breakOff(TopicPartition at, long position) {
        PartitionReader reader = readers.get(at);
        if (reader != null) {
            drop(at);
            reader.brokeOff(position);
        }
    }

    private void drop(TopicPartition at) {
        readers.remove(at);
        consumer.assign(readers.keySet());
    }
}
