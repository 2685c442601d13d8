package io.millrace.standalone.command;

import io.millrace.contract.topic.Topic;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads whole topics, read committed, from their beginning to where they ended when reading began. One thread. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;

    TopicReader(KafkaAccess kafka) {
        consumer = new KafkaConsumer<>(kafka.with(Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false", "default.api.timeout.ms", "10000")), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** {@code trimmed}: the partition does not begin at offset 0 any more. */
    interface Taker<V> {
        void take(ConsumerRecord<String, byte[]> record, V value, boolean trimmed);
    }

    /** Answers how many records there were. Throws {@link KafkaException} when the cluster does not answer. */
    <V> long read(Topic<V> topic, Taker<V> taker) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
        if (partitions.isEmpty()) {
            throw new CannotStart("unable to check; there is no topic " + topic.name(), null);
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var beginnings = consumer.beginningOffsets(partitions);
        var ends = consumer.endOffsets(partitions);
        long read = 0;
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (var record : consumer.poll(POLL)) {
                taker.take(record, topic.decode(record.value()), beginnings.get(new TopicPartition(record.topic(), record.partition())) > 0);
                read++;
            }
        }
        return read;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
