package io.millrace.analytics;

import io.millrace.contract.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a whole topic once, committed records only, from its beginning to where it ended when reading began. No group, no commits.
 * What takes the records is given key and value.
 */
final class CommittedReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;

    CommittedReader(String servers) {
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false"), new StringDeserializer(), new ByteArrayDeserializer());
    }

    <V> void read(Topic<V> topic, BiConsumer<String, V> taker) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(POLL).forEach(record -> taker.accept(record.key(), topic.decode(record.value())));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
