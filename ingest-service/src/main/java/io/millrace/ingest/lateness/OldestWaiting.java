package io.millrace.ingest.lateness;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks at the first record that a group has not processed, where there may be one that is late: its time says how late. A place that was
 * found to hold nothing but markers is not looked at again before it moves. One thread.
 */
final class OldestWaiting {
    private static final Duration STEP = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<TopicPartition, Offsets> known = new HashMap<>();

    /** The time of the oldest record that waits anywhere; empty when none was found. {@code consumer} is of no group. */
    Optional<Instant> find(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Offsets> suspicious) {
        Map<TopicPartition, Offsets> asked = new HashMap<>(suspicious);
        asked.entrySet().removeIf(one -> isKnownEmpty(one.getKey(), one.getValue()));
        Set<TopicPartition> open = new HashSet<>(asked.keySet());
        consumer.assign(open);
        asked.forEach((partition, offsets) -> consumer.seek(partition, Math.max(0, offsets.committed())));
        Optional<Instant> oldest = Optional.empty();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            var records = consumer.poll(STEP);
            for (var partition : Set.copyOf(open)) {
                var first = records.records(partition).stream().findFirst().map(record -> Instant.ofEpochMilli(record.timestamp()));
                var offsets = asked.get(partition);
                if (first.isPresent()) {
                    oldest = oldest.filter(other -> other.isBefore(first.get())).or(() -> first);
                    close(consumer, open, partition);
                } else if (consumer.position(partition) >= offsets.end()) {
                    known.put(partition, offsets);
                    close(consumer, open, partition);
                }
            }
        }
        return oldest;
    }

    /** Nothing stood there when it looked, and since then neither has the group moved nor the log grown. */
    private boolean isKnownEmpty(TopicPartition partition, Offsets now) {
        var before = known.get(partition);
        return before != null && before.committed() == now.committed() && before.end() == now.end();
    }

    private static void close(Consumer<byte[], byte[]> consumer, Set<TopicPartition> open, TopicPartition partition) {
        open.remove(partition);
        consumer.pause(Set.of(partition));
    }
}
