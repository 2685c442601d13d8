package io.millrace.streams.history;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those who wait for one partition of the view to come further. They are asked after each poll and each record, on the stream thread;
 * no thread waits. How many there can be is bounded by who lets requests in.
 */
final class Waits {
    private final Set<Wait> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Completes once {@code condition} holds; fails with {@link PartitionLeft} when the partition goes to another owner first. */
    CompletableFuture<Void> until(Condition condition) {
        var wait = new Wait(condition, new CompletableFuture<>());
        waiting.add(wait);
        wait.done.whenComplete((met, failure) -> waiting.remove(wait));
        if (closed) {
            wait.done.completeExceptionally(new PartitionLeft());
        }
        return wait.done;
    }

    /** {@code room} now ends at {@code seq}; null when only the position in the log has moved. */
    void advanced(String room, long seq) {
        if (!waiting.isEmpty()) {
            waiting.stream().filter(wait -> wait.condition.isMet(room, seq)).toList().forEach(wait -> wait.done.complete(null));
        }
    }

    void close() {
        closed = true;
        waiting.forEach(wait -> wait.done.completeExceptionally(new PartitionLeft()));
    }

    int size() {
        return waiting.size();
    }

    /** Asked with the room that has a new entry and that entry's seq, or with null when only the position has moved. */
    interface Condition {
        boolean isMet(String room, long seq);
    }

    private static final class Wait {
        private final Condition condition;
        private final CompletableFuture<Void> done;

        Wait(Condition condition, CompletableFuture<Void> done) {
            this.condition = condition;
            this.done = done;
        }
    }
}
