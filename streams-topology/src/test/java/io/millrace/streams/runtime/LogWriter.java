package io.millrace.streams.runtime;

import io.millrace.contract.record.LogRecord;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.Lines;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes a room log as the sequencer does: in transactions, some of which are taken back. */
final class LogWriter implements AutoCloseable {
    static final Instant AT = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final Topic<LogRecord> roomLog;
    private final KafkaProducer<String, byte[]> producer;

    LogWriter(Map<String, Object> kafka, Topic<LogRecord> roomLog, String transactionalId) {
        this.roomLog = roomLog;
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** Writes {@code from} to {@code to} of epoch e1 in one transaction; answers the offset of the last. */
    long commit(String room, long from, long to) {
        producer.beginTransaction();
        long last = send(room, from, to);
        producer.commitTransaction();
        return last;
    }

    /** The same, taken back at the end. */
    long abort(String room, long from, long to) {
        producer.beginTransaction();
        long last = send(room, from, to);
        producer.abortTransaction();
        return last;
    }

    private long send(String room, long from, long to) {
        var partition = Topics.partition(room, roomLog.partitions());
        var sent = LongStream.rangeClosed(from, to)
                .mapToObj(seq -> producer.send(new ProducerRecord<>(roomLog.name(), partition, AT.toEpochMilli(), room, Lines.value(room, "e1", seq, AT))))
                .toList();
        producer.flush();
        return sent.stream().mapToLong(LogWriter::offset).max().orElseThrow();
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
