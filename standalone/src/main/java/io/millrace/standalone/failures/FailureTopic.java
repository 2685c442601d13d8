package io.millrace.standalone.failures;

import io.millrace.contract.record.Failure;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads {@code chat.failures} from a point in time to where it ends now; committed records only, in no group. One thread. */
public final class FailureTopic {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaAccess kafka;
    private final Topic<Failure> topic;

    public FailureTopic(KafkaAccess kafka, String prefix) {
        this.kafka = kafka;
        this.topic = Topics.of(prefix, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION).failures();
    }

    /** Gives {@code reader} every failure since then, all if null; answers how many records are none. */
    public long read(Instant since, Consumer<StoredFailure> reader) {
        try (var consumer = new KafkaConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return read(consumer, since, reader);
        } catch (KafkaException e) {
            throw new CannotStart("unable to read " + topic.name() + " at " + kafka.servers() + "; " + e.getMessage(), e);
        }
    }

    private long read(KafkaConsumer<byte[], byte[]> consumer, Instant since, Consumer<StoredFailure> reader) {
        var partitions = partitions(consumer);
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        begin(consumer, partitions, since, ends);
        long unreadable = 0;
        long lastRead = System.nanoTime();
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            var records = consumer.poll(BETWEEN_LOOKS);
            for (var record : records) {
                try {
                    reader.accept(new StoredFailure(record.partition(), record.offset(), topic.decode(record.value())));
                } catch (UndecodableRecord e) {
                    unreadable++;
                }
            }
            if (!records.isEmpty()) {
                lastRead = System.nanoTime();
            } else if (System.nanoTime() - lastRead > PATIENCE.toNanos()) {
                throw new CannotStart("unable to read " + topic.name() + " at " + kafka.servers() + "; nothing came for " + PATIENCE.toSeconds() + " s");
            }
        }
        return unreadable;
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        var found = consumer.partitionsFor(topic.name());
        if (found == null || found.isEmpty()) {
            throw new CannotStart("unable to read " + topic.name() + " at " + kafka.servers() + "; there is no such topic");
        }
        return found.stream().map(partition -> new TopicPartition(topic.name(), partition.partition())).toList();
    }

    /** A record's own time is that of its failure: the first one that is young enough is where a partition begins to matter. */
    private static void begin(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant since, Map<TopicPartition, Long> ends) {
        if (since == null) {
            consumer.seekToBeginning(partitions);
            return;
        }
        var found = consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> since.toEpochMilli())));
        found.forEach((partition, first) -> consumer.seek(partition, first == null ? ends.get(partition) : first.offset()));
    }

    private Map<String, Object> config() {
        return kafka.with(Map.of("isolation.level", "read_committed", "enable.auto.commit", false, "auto.offset.reset", "earliest",
                "allow.auto.create.topics", false, "default.api.timeout.ms", 10_000, "request.timeout.ms", 5_000));
    }
}
