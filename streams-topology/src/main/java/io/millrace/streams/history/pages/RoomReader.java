package io.millrace.streams.history.pages;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.streams.history.pages.ViewStore.Entries;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers about rooms out of one partition of the view, on any thread, while its stream thread goes on writing and pruning. A page costs
 * what it holds (HIS-4): a seek and its entries.
 */
public final class RoomReader {
    private final ViewStore store;

    public RoomReader(ViewStore store) {
        this.store = store;
    }

    public HeadAnswer head(String room) {
        var head = store.head(room);
        if (head == null) {
            return new HeadAnswer(room, null, 0, -1, 0, null);
        }
        var oldest = oldest(room, head);
        return new HeadAnswer(room, head.epoch(), head.seq(), head.offset(), oldest.seq(), oldest.at());
    }

    public Page page(String room, PageRequest request) {
        var before = store.head(room);
        while (before != null) {
            var items = read(room, before, request);
            var now = store.head(room);
            if (now.epoch().equals(before.epoch())) {
                return page(room, now, oldest(room, now), request, items); // the oldest last: what was pruned since is below it
            }
            before = now;
        }
        return new Page(room, null, 0, 0, null, List.of(), true);
    }

    /** Read, not remembered: it is what is there, however a crash and a pruning fell together (HIS-5). */
    private Oldest oldest(String room, Head head) {
        if (!head.isEmpty()) {
            try (var entries = store.ascending(room, head.epoch(), head.oldestSeq(), head.seq())) {
                if (entries.hasNext()) {
                    var entry = entries.next();
                    return new Oldest(entry.seq(), Instant.ofEpochMilli(entry.atMillis()));
                }
            }
        }
        return new Oldest(head.seq() + 1, null);
    }

    private List<Kept> read(String room, Head head, PageRequest request) {
        long newest = head.seq();
        long oldest = head.oldestSeq();
        if (request.isForward()) {
            oldest = Math.max(oldest, request.after() + 1);
        } else {
            newest = request.before() == null ? newest : Math.min(newest, request.before() - 1);
        }
        if (oldest > newest) {
            return List.of();
        }
        try (var entries = request.isForward() ? store.ascending(room, head.epoch(), oldest, newest) : store.descending(room, head.epoch(), newest, oldest)) {
            return take(entries, request);
        }
    }

    private static List<Kept> take(Entries entries, PageRequest request) {
        List<Kept> taken = new ArrayList<>(Math.min(request.limit(), 64));
        long bytes = 0;
        while (entries.hasNext() && taken.size() < request.limit()) {
            var entry = entries.next();
            bytes += entry.json().length;
            if (bytes > request.maxBytes() && !taken.isEmpty()) {
                break;
            }
            taken.add(entry);
        }
        return taken;
    }

    private static Page page(String room, Head head, Oldest oldest, PageRequest request, List<Kept> read) {
        var items = read.stream().filter(item -> item.seq() >= oldest.seq()).toList();
        requireDense(items, request.isForward() ? 1 : -1);
        return new Page(room, head.epoch(), head.seq(), oldest.seq(), oldest.at(), items, isComplete(head.seq(), oldest.seq(), request, items));
    }

    private static boolean isComplete(long newest, long oldest, PageRequest request, List<Kept> items) {
        if (request.isForward()) {
            return (items.isEmpty() ? request.after() : items.get(items.size() - 1).seq()) >= newest;
        }
        long reached = !items.isEmpty() ? items.get(items.size() - 1).seq() : request.before() == null ? newest + 1 : request.before();
        return reached <= oldest;
    }

    /** Better no page than one with a hole in it. */
    private static void requireDense(List<Kept> items, int step) {
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i).seq() != items.get(i - 1).seq() + step) {
                throw new IllegalStateException("unable to read a page; no entry follows seq " + items.get(i - 1).seq() + " in the view");
            }
        }
    }

    private record Oldest(long seq, Instant at) {
    }
}
