package io.millrace.streams;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes accepted messages as ingest does, and reads whole topics as committed and as uncommitted readers see them. */
final class TopicTap implements AutoCloseable {
    private final TopicReader reader;
    private final Producer<byte[], byte[]> producer;

    TopicTap(Map<String, Object> kafka) {
        reader = new TopicReader(kafka);
        Map<String, Object> config = new HashMap<>(kafka);
        // one at a time: a new partition that refuses the first batch and takes the second refuses the first for good
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns when all of them are durable; fails when one cannot be made so. */
    void send(List<AcceptedMessage> messages, Topic<AcceptedMessage> topic) {
        awaitDurable(messages.stream().map(message -> producer.send(new ProducerRecord<>(topic.name(), null, message.at().toEpochMilli(),
                message.sender().getBytes(StandardCharsets.UTF_8), topic.encode(message)))).toList());
    }

    void sendRaw(Topic<?> topic, String key, byte[] value) {
        awaitDurable(List.of(producer.send(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value))));
    }

    private static void awaitDurable(List<Future<RecordMetadata>> sends) {
        for (var send : sends) {
            try {
                send.get();
            } catch (ExecutionException e) {
                throw new AssertionError("unable to write what the test sends", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while sending", e);
            }
        }
    }

    /** Everything on the topic, partition by partition. */
    <V> List<V> committed(Topic<V> topic) {
        return reader.committed(topic);
    }

    <V> List<V> uncommitted(Topic<V> topic) {
        return reader.uncommitted(topic);
    }

    /** The terminal events of each message, by sender and id. */
    Map<String, List<SyncEvent>> terminal(Topic<SyncEvent> topic) {
        Map<String, List<SyncEvent>> terminal = new HashMap<>();
        for (var record : reader.committedRecords(topic)) {
            var event = topic.decode(record.value());
            if (event.state().isTerminal()) {
                terminal.computeIfAbsent(name(record.key(), event.id()), message -> new ArrayList<>()).add(event);
            }
        }
        return terminal;
    }

    static String name(String sender, String id) {
        return sender + " " + id;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
