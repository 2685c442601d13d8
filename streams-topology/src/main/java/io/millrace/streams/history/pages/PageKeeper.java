package io.millrace.streams.history.pages;

import io.millrace.streams.history.pages.Head.Placement;
import io.millrace.streams.history.pages.ViewStore.Due;
import java.util.HashSet;
import java.util.Set;

/** Puts log records where pages find them. A record kept twice leaves the store as it was after the first time; stream thread. */
public final class PageKeeper {
    private static final int MOST_NOTED = 10_000;

    private final ViewStore store;
    private final MessageIndex messages;
    private final Set<String> noted = new HashSet<>();
    private long cutAt;

    public PageKeeper(ViewStore store) {
        this.store = store;
        this.messages = new MessageIndex(store);
        this.cutAt = store.cutAt();
    }

    /** The log goes on at {@code offset} although it was read further before: what stood there is gone. */
    public void cut(long offset) {
        if (offset < cutAt) {
            cutAt = offset;
            store.putCut(offset);
        }
    }

    /** Answers what the record turned out to be. */
    public Placement keep(LogLine line, long offset) {
        var head = store.head(line.room());
        if (head != null && isNew(line.room())) {
            noteDue(line.room(), head.epoch());
        }
        var known = head != null && head.hasPassed(line) ? store.entry(line.room(), line.epoch(), line.seq()) : null;
        var placement = Head.place(head, line, offset, known, cutAt);
        if (placement instanceof Placement.Next next) {
            append(line, offset, next.head(), head.isEmpty());
        } else if (placement instanceof Placement.First first) {
            append(line, offset, first.head(), true);
        } else if (placement instanceof Placement.Jump jump) {
            append(line, offset, jump.head(), true);
        } else if (placement instanceof Placement.NewEpoch anew) {
            store.put(new Due(Long.MIN_VALUE, line.room(), head.epoch(), 0)); // all of the former epoch, at once
            append(line, offset, anew.head(), true);
        } else if (placement instanceof Placement.Rewound rewound) {
            rewind(line, head);
            append(line, offset, rewound.head(), line.seq() <= head.oldestSeq());
        } else if (placement instanceof Placement.Replay) {
            store.put(line, offset);
            messages.add(line);
        }
        return placement;
    }

    private boolean isNew(String room) {
        if (noted.size() >= MOST_NOTED) {
            noted.clear();
        }
        return noted.add(room);
    }

    /**
     * A process that was killed can have dropped entries on disk that the restored changelog brings back, without a due time. So the
     * first record of a room since the start notes the oldest entry there is, known to its head or not, and drops what is still said of
     * older messages.
     */
    private void noteDue(String room, String epoch) {
        try (var entries = store.ascending(room, epoch, 0, Long.MAX_VALUE)) {
            long kept = Long.MAX_VALUE;
            if (entries.hasNext()) {
                var oldest = entries.next();
                store.put(new Due(oldest.atMillis(), room, epoch, oldest.seq()));
                kept = oldest.seq();
            }
            messages.drop(room, epoch, 0, kept - 1);
        }
    }

    /**
     * Drops what is kept from the line on. Messages first and the head before the entries: a crash in between leaves the same work to do again, and no
     * reader misses what its head promises.
     */
    private void rewind(LogLine line, Head head) {
        Set<Long> changed = new HashSet<>();
        try (var gone = store.ascending(line.room(), line.epoch(), line.seq(), head.seq())) {
            while (gone.hasNext()) {
                var target = LogLine.of(line.room(), gone.next()).target();
                if (target != null && target < line.seq()) {
                    changed.add(target);
                }
            }
        }
        messages.withdraw(line.room(), line.epoch(), line.seq(), changed);
        var last = store.entry(line.room(), line.epoch(), line.seq() - 1);
        store.put(line.room(), head.before(line.seq(), last == null ? -1 : last.offset()));
        for (long seq = head.seq(); seq >= line.seq(); seq--) {
            store.deleteEntry(line.room(), line.epoch(), seq);
        }
    }

    /** What begins a run is noted as the next to be pruned. The entry before the head: a reader that sees a head finds all of it. */
    private void append(LogLine line, long offset, Head head, boolean beginsRun) {
        if (beginsRun) {
            store.put(new Due(line.atMillis(), line.room(), line.epoch(), line.seq()));
        }
        store.put(line, offset);
        messages.add(line);
        store.put(line.room(), head);
    }
}
