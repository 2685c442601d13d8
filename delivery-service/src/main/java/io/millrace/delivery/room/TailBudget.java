package io.millrace.delivery.room;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What all tails of a partition may hold together: the oldest entries go first, whatever their room. */
final class TailBudget {
    private final Deque<LoggedEntry> kept = new ArrayDeque<>();
    private final long mostBytes;
    private long bytes;

    TailBudget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void add(LoggedEntry entry, Consumer<LoggedEntry> evict) {
        kept.add(entry);
        bytes += entry.bytes();
        while (bytes > mostBytes) {
            LoggedEntry evicted = kept.remove();
            bytes -= evicted.bytes();
            evict.accept(evicted);
        }
    }

    void clear() {
        kept.clear();
        bytes = 0;
    }
}
