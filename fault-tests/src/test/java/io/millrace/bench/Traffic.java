package io.millrace.bench;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes accepted messages as ingest does and hears, as a reader of committed records, when they are confirmed. */
final class Traffic implements AutoCloseable {
    private static final int ROOMS = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Long> acceptedAt = new ConcurrentHashMap<>();
    private final Thread hearing = new Thread(this::hear, "hears-confirmations");
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile Latencies latencies = new Latencies();
    private volatile boolean closing;
    private long sent;

    Traffic(String bootstrap, Topics topics) {
        this.topics = topics;
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0, "buffer.memory", 128L << 20, "max.block.ms", 60_000),
                new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest", "fetch.max.wait.ms", 100),
                new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, topics.syncEvents().partitions()).mapToObj(partition -> new TopicPartition(topics.syncEvents().name(), partition)).toList());
        hearing.setDaemon(true);
        hearing.start();
    }

    /** The next message of one of {@code senders} senders, which take turns. */
    void send(String session, int senders) {
        var sender = "sender" + sent % senders;
        long laneSeq = sent / senders + 1;
        var id = session + "-" + laneSeq;
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var message = new Message(id, "room" + sent % ROOMS, session, laneSeq, Action.CREATE, MessageType.TEXT, "a message of a usual length, as people write them", null, null,
                null, null, null, now);
        sent++;
        var record = new ProducerRecord<>(topics.text().name(), null, now.toEpochMilli(), sender, topics.text().encode(new AcceptedMessage(sender, now, false, message)));
        var name = sender + " " + id;
        producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                failed.incrementAndGet();
            } else {
                acceptedAt.putIfAbsent(name, System.nanoTime());
            }
        });
    }

    /** A new session: every lane starts at 1 again. */
    void begin() {
        sent = 0;
    }

    /** Sends {@code perSecond} messages for {@code time}, evenly; what is late is made up for. */
    void send(String session, int senders, int perSecond, Duration time) {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        for (long n = 0; System.nanoTime() < end; ) {
            long due = (System.nanoTime() - start) * perSecond / 1_000_000_000L;
            for (; n < due; n++) {
                send(session, senders);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    private void hear() {
        while (!closing) {
            for (var record : consumer.poll(Duration.ofMillis(50))) {
                var event = topics.syncEvents().decode(record.value());
                if (event.state().isTerminal()) {
                    var accepted = acceptedAt.remove(record.key() + " " + event.id());
                    if (accepted != null) {
                        latencies.add(System.nanoTime() - accepted);
                    } else {
                        latencies.add(0); // heard before the producer's own callback
                        acceptedAt.put(record.key() + " " + event.id(), 0L);
                    }
                    confirmed.incrementAndGet();
                }
            }
        }
        consumer.close();
    }

    /** From now on. */
    Latencies measure() {
        var fresh = new Latencies();
        latencies = fresh;
        return fresh;
    }

    long confirmed() {
        return confirmed.get();
    }

    /** Since the session began. */
    long sent() {
        return sent;
    }

    void awaitConfirmed(long messages) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (confirmed.get() < messages) {
            if (System.nanoTime() > end) {
                throw new AssertionError("confirmed " + confirmed + " of " + messages + ", " + failed + " not written");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        closing = true;
        producer.close();
    }
}
