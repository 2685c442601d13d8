package io.millrace.delivery.follow;

import io.millrace.delivery.follow.ScanQueue.Asked;
import io.millrace.delivery.room.LogScan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the log again, committed records alone, for what neither a tail nor the history view gives (DEL-7): one consumer on one thread, assigned and
 * never reset, made when there are questions. A question costs a bounded number of the partition's bytes and memory for its answer.
 */
public final class KafkaScan implements LogScan, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long IDLE_MILLIS = 30_000;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String topic;
    private final Supplier<KafkaConsumer<byte[], byte[]>> made;
    private final ScanSettings settings;
    private final ScanEvents events;
    private final ScanQueue queue;
    private final Thread thread;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean running = true;

    /** {@code made} makes consumers that are never reset and read what is committed. */
    public KafkaScan(String topic, Supplier<KafkaConsumer<byte[], byte[]>> made, ScanSettings settings, ScanEvents events) {
        this.topic = topic;
        this.made = made;
        this.settings = settings;
        this.events = events;
        this.queue = new ScanQueue(settings.waiting(), events);
        this.thread = new Thread(this::run, "delivery-log-scan");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public CompletionStage<Stretch> read(int partition, Question question) {
        return queue.add(partition, question);
    }

    @Override
    public void close() {
        running = false;
        queue.close();
        var reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            thread.join(2 * CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (running) {
                var asked = queue.next(IDLE_MILLIS);
                if (asked.isEmpty()) {
                    closeConsumer();
                } else {
                    answer(asked);
                }
            }
        } catch (InterruptedException e) {
            running = false;
        }
        closeConsumer();
    }

    private void answer(List<Asked> asked) {
        try {
            read(asked);
        } catch (KafkaException e) {
            FollowLog.trouble(topic, e);
            asked.forEach(question -> queue.fail(question, e));
        } catch (RuntimeException e) {
            FollowLog.bug(topic, e);
            asked.forEach(question -> queue.fail(question, e));
        }
    }

    /** Those whose beginning the reading did not reach go on waiting. */
    private void read(List<Asked> asked) {
        if (consumer == null) {
            consumer = made.get();
        }
        var at = new TopicPartition(topic, asked.get(0).partition());
        consumer.assign(List.of(at));
        long begin = consumer.beginningOffsets(List.of(at), settings.timeout()).get(at);
        long end = consumer.endOffsets(List.of(at), settings.timeout()).get(at); // of what is decided: it reads what is committed
        var held = new ArrayList<Asked>();
        for (Asked question : asked) {
            if (question.question().from() < begin) {
                queue.fail(question, new IllegalStateException("unable to read the log from there; it begins later"));
            } else {
                held.add(question);
            }
        }
        if (!held.isEmpty()) {
            read(held, at, end);
        }
    }

    private void read(List<Asked> asked, TopicPartition at, long end) {
        var pass = new LogPass(asked.stream().map(Asked::question).toList(), settings.bytes(), settings.answerBytes());
        long position = pass.from();
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        consumer.seek(at, position);
        while (running && position < end && !pass.isDone() && System.nanoTime() < deadline) {
            var records = consumer.poll(POLL);
            records.records(at).forEach(pass::take);
            var next = records.nextOffsets().get(at);
            if (next != null) {
                position = next.offset();
                pass.readUpTo(position);
            }
        }
        events.read(pass.bytes());
        if (position < end && position == pass.from()) {
            throw new TimeoutException("unable to read " + at + " from offset " + position + " in time");
        }
        for (int i = 0; i < asked.size(); i++) {
            var answer = pass.answers().get(i);
            if (answer.isBegun(end)) {
                queue.answer(asked.get(i), answer.stretch());
            }
        }
    }

    private void closeConsumer() {
        if (consumer != null) {
            try {
                consumer.close(CloseOptions.timeout(CLOSE));
            } catch (KafkaException e) {
                FollowLog.trouble(topic, e);
            }
            consumer = null;
        }
    }
}
