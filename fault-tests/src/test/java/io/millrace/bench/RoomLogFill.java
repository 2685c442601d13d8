package io.millrace.bench;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.topic.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes rooms' entries to the room log as the sequencer would, without its transactions. One thread. */
final class RoomLogFill implements AutoCloseable {
    private static final String TEXT = "a message of a usual length, as people write them";

    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, Long> heads = new HashMap<>();

    RoomLogFill(String bootstrap, Topics topics) {
        this.topics = topics;
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0, "batch.size", 1 << 17, "buffer.memory", 64L << 20),
                new StringSerializer(), new ByteArraySerializer());
    }

    /** Appends the room's next entry and returns the record's size. */
    int write(String room) {
        long seq = heads.merge(room, 1L, Long::sum);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var entry = new Entry(Action.CREATE, MessageType.TEXT, "ana", "01J9ZQ4V6W8X0Y2Z4A6B8C" + seq, "01J8ZQ4V6W8X0Y2Z4A6B8C0D2E", seq, null, TEXT, null, null, null, null, now, now);
        byte[] value = topics.roomLog().encode(new LogRecord(room, "k3vbz0q1f8wd", seq, entry));
        producer.send(new ProducerRecord<>(topics.roomLog().name(), Topics.partition(room, topics.roomLog().partitions()), room, value));
        return value.length;
    }

    RoomLogFill write(String room, long count) {
        for (long i = 0; i < count; i++) {
            write(room);
        }
        return this;
    }

    long head(String room) {
        return heads.getOrDefault(room, 0L);
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
