package io.millrace.delivery;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes what the room sequencer would: log records and sync events in transactions. One thread. */
final class RoomLogWriter implements AutoCloseable {
    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    RoomLogWriter(String bootstrap, Topics topics) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "transactional.id", UUID.randomUUID().toString(), "acks", "all"),
                new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** The time of acceptance of what is written next. */
    RoomLogWriter at(Instant time) {
        at = time.truncatedTo(ChronoUnit.MILLIS);
        return this;
    }

    /** Appends entries {@code from} to {@code to} of a room and commits. */
    RoomLogWriter write(String room, long from, long to) {
        return begin().append(room, from, to).commit();
    }

    RoomLogWriter begin() {
        producer.beginTransaction();
        return this;
    }

    RoomLogWriter append(String room, long from, long to) {
        LongStream.rangeClosed(from, to).forEach(seq -> append(room, epoch(room), seq, "text " + seq));
        return this;
    }

    RoomLogWriter append(String room, String epoch, long seq, String text) {
        return append(room, epoch, seq, Action.CREATE, null, text);
    }

    RoomLogWriter append(String room, String epoch, long seq, Action action, Long target, String text) {
        var entry = new Entry(action, MessageType.TEXT, "ana", "m" + seq, "s1", seq, target, text, null, null, null, null, null, at);
        producer.send(new ProducerRecord<>(topics.roomLog().name(), Topics.partition(room, topics.roomLog().partitions()), room,
                topics.roomLog().encode(new LogRecord(room, epoch, seq, entry))));
        return this;
    }

    RoomLogWriter append(String sender, SyncEvent event) {
        producer.send(new ProducerRecord<>(topics.syncEvents().name(), sender, topics.syncEvents().encode(event)));
        return this;
    }

    RoomLogWriter flush() {
        producer.flush();
        return this;
    }

    RoomLogWriter commit() {
        producer.commitTransaction();
        return this;
    }

    RoomLogWriter abort() {
        producer.flush();
        producer.abortTransaction();
        return this;
    }

    static String epoch(String room) {
        return "epoch-" + room;
    }

    @Override
    public void close() {
        producer.close();
    }
}
