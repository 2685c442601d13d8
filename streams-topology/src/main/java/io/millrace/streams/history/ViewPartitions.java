package io.millrace.streams.history;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The partitions of a view that this process owns and can answer for at this moment; any thread. */
public final class ViewPartitions<V extends Progress> {
    private final Map<Integer, V> owned = new ConcurrentHashMap<>();

    public Optional<V> find(int partition) {
        return Optional.ofNullable(owned.get(partition));
    }

    public int waiting() {
        return owned.values().stream().mapToInt(Progress::waiting).sum();
    }

    /** From now on questions are answered here; on the stream thread, as {@link #close}. */
    public void open(int partition, V view) {
        owned.put(partition, view);
    }

    public void close(int partition, V view) {
        owned.remove(partition, view);
        view.close();
    }
}
