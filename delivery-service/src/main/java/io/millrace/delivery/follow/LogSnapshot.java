package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.LogFacts;
import java.util.UUID;

/** How a topic's partition stands in Kafka at one moment: everything below {@code lastStable} is decided, what lies between it and {@code end} is not. */
record LogSnapshot(UUID topicId, int partition, int partitions, long begin, long lastStable, long end, int leaderEpoch) {
    LogFacts facts(boolean fresh) {
        return new LogFacts(topicId, partition, begin, end, leaderEpoch, fresh);
    }
}
