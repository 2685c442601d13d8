package io.millrace.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What replays and pages are measured against: a consumer that knows where to read, in a partition it has alone. */
final class PlainConsumer implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition at;

    /** {@code fetchBytes}: as much as it is going to need. It never waits for more: a fetch on its way when it seeks would hold up the next one. */
    PlainConsumer(String bootstrap, TopicPartition at, int fetchBytes) {
        this.at = at;
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "fetch.max.wait.ms", 1, "max.partition.fetch.bytes", fetchBytes),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(at));
    }

    /** Reads {@code count} records from {@code offset} on; the time in nanoseconds. */
    long read(long offset, long count) {
        long start = System.nanoTime();
        consumer.seek(at, offset);
        for (long found = 0; found < count; ) {
            found += consumer.poll(Duration.ofSeconds(1)).count();
        }
        return System.nanoTime() - start;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
