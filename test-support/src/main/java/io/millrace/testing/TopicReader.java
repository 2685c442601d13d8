package io.millrace.testing;

import io.millrace.contract.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads whole topics, as readers of committed and of uncommitted records see them at this moment; partition by partition. */
public final class TopicReader {
    private final Map<String, Object> kafka;

    /** {@code kafka} says how the cluster is reached. */
    public TopicReader(Map<String, Object> kafka) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    public <V> List<V> committed(Topic<V> topic) {
        return committedRecords(topic).stream().map(record -> topic.decode(record.value())).toList();
    }

    public <V> List<V> uncommitted(Topic<V> topic) {
        return read(topic, "read_uncommitted").stream().map(record -> topic.decode(record.value())).toList();
    }

    /** With their keys. */
    public List<ConsumerRecord<String, byte[]>> committedRecords(Topic<?> topic) {
        return read(topic, "read_committed");
    }

    private List<ConsumerRecord<String, byte[]>> read(Topic<?> topic, String isolation) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = IntStream.range(0, topic.partitions()).mapToObj(partition -> new TopicPartition(topic.name(), partition)).toList();
            var ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            records.sort(Comparator.comparingInt((ConsumerRecord<String, byte[]> record) -> record.partition()).thenComparingLong(ConsumerRecord::offset));
            return records;
        }
    }
}
