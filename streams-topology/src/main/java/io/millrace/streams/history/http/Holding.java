package io.millrace.streams.history.http;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.Progress;
import io.millrace.streams.history.ViewPartitions;
import java.util.Optional;

/** What of one view this process holds, of how many partitions in all, and who holds the rest. */
public record Holding<V extends Progress>(ViewPartitions<V> partitions, int partitionCount, Owner owner) {
    /** The partition that answers about {@code key}, if it is held here at this moment. */
    Optional<V> find(String key) {
        return partitions.find(Topics.partition(key, partitionCount));
    }
}
