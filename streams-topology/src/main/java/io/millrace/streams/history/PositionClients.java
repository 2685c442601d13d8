package io.millrace.streams.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, except that the main consumer tells the view after each poll how far it has read. Streams itself does not
 * say: a processor sees records only, and the offsets it commits follow later.
 */
public final class PositionClients implements KafkaClientSupplier {
    private final String topic;
    private final ViewPartitions<?> partitions;

    /** {@code topic} is what the view is made of. */
    public PositionClients(String topic, ViewPartitions<?> partitions) {
        this.topic = topic;
        this.partitions = partitions;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new TellingConsumer(config);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    /** Used by one stream thread. Partitions still being restored are paused and have no view yet, so nothing polled goes unnoticed. */
    private final class TellingConsumer extends KafkaConsumer<byte[], byte[]> {
        TellingConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            var records = super.poll(timeout);
            for (var partition : assignment()) {
                if (partition.topic().equals(topic)) {
                    partitions.find(partition.partition()).ifPresent(view -> tell(view, partition, records.records(partition)));
                }
            }
            return records;
        }

        private void tell(Progress view, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
            try {
                view.polled(position(partition, Duration.ZERO), polled.isEmpty() ? -1 : polled.get(polled.size() - 1).offset());
            } catch (TimeoutException e) {
                // the position is not known yet, so nothing was polled either; the next poll tells
            }
        }
    }
}
