package io.millrace.streams.history;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The partitions of the view that this process owns and can answer for at this moment; any thread. */
public final class ViewPartitions {
    private final Map<Integer, ViewPartition> owned = new ConcurrentHashMap<>();

    public Optional<ViewPartition> find(int partition) {
        return Optional.ofNullable(owned.get(partition));
    }

    public int waiting() {
        return owned.values().stream().mapToInt(ViewPartition::waiting).sum();
    }

    void open(int partition, ViewPartition view) {
        owned.put(partition, view);
    }

    void close(int partition, ViewPartition view) {
        owned.remove(partition, view);
        view.close();
    }
}
