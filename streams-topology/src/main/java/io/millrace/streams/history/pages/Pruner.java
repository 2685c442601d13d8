package io.millrace.streams.history.pages;

import io.millrace.streams.history.pages.ViewStore.Due;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops what is older than retention, and all of an epoch that is no longer its room's (HIS-4). A tick costs what it drops, at most
 * {@code batch} steps. A head is raised before its entries go and the next due time is noted before the last one goes, so a crash
 * in between leaves work to do again, never a hole below {@code oldestSeq}. A message goes after its entry: what has no entry is not shown.
 */
public final class Pruner {
    private final ViewStore store;
    private final MessageIndex messages;
    private final int batch;

    public Pruner(ViewStore store, int batch) {
        this.store = store;
        this.messages = new MessageIndex(store);
        this.batch = batch;
    }

    /** Drops entries accepted before {@code cutoffMillis}; answers how many. */
    public int prune(long cutoffMillis) {
        int dropped = 0;
        int steps = 0;
        for (var due : due(cutoffMillis)) {
            if (steps >= batch) {
                break;
            }
            int gone = prune(due, cutoffMillis, batch - steps);
            dropped += gone;
            steps += Math.max(1, gone);
        }
        return dropped;
    }

    private List<Due> due(long cutoffMillis) {
        List<Due> due = new ArrayList<>();
        try (var dues = store.dueBefore(cutoffMillis)) {
            while (dues.hasNext() && due.size() < batch) {
                due.add(dues.next());
            }
        }
        return due;
    }

    private int prune(Due due, long cutoffMillis, int most) {
        var head = store.head(due.room());
        boolean current = head != null && head.epoch().equals(due.epoch());
        List<Kept> old = new ArrayList<>();
        Kept survivor = null;
        try (var entries = store.ascending(due.room(), due.epoch(), due.seq(), Long.MAX_VALUE)) {
            while (survivor == null && entries.hasNext()) {
                var entry = entries.next();
                if (old.size() < most && (!current || entry.atMillis() < cutoffMillis)) {
                    old.add(entry);
                } else {
                    survivor = entry;
                }
            }
        }
        if (current) {
            raise(due.room(), head, survivor);
        }
        var next = survivor == null ? null : new Due(current ? survivor.atMillis() : Long.MIN_VALUE, due.room(), due.epoch(), survivor.seq());
        if (next != null) {
            store.put(next);
        }
        old.forEach(entry -> store.delete(due.room(), entry));
        messages.drop(due.room(), due.epoch(), due.seq(), survivor == null ? Long.MAX_VALUE : survivor.seq() - 1);
        if (next == null || next.atMillis() != due.atMillis()) {
            store.delete(due);
        }
        return old.size();
    }

    private void raise(String room, Head head, Kept survivor) {
        var raised = head.trimmedTo(survivor == null ? head.seq() + 1 : survivor.seq());
        if (raised != head) {
            store.put(room, raised);
        }
    }
}
