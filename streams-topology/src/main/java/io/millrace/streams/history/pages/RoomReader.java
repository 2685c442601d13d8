package io.millrace.streams.history.pages;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.streams.history.pages.ViewStore.Kept;
import io.millrace.streams.history.pages.ViewStore.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers about rooms out of one partition of the view, on any thread, while its stream thread goes on writing and pruning. A page costs
 * what it holds (HIS-4): a seek and its entries.
 */
public final class RoomReader {
    private final ViewStore store;
    private final LatestReader messages;

    public RoomReader(ViewStore store) {
        this.store = store;
        this.messages = new LatestReader(store);
    }

    public HeadAnswer head(String room) {
        var head = store.head(room);
        if (head == null) {
            return new HeadAnswer(room, null, 0, -1, 0, null);
        }
        var oldest = oldest(room, head);
        return new HeadAnswer(room, head.epoch(), head.seq(), head.offset(), oldest.seq(), oldest.at());
    }

    /** Entries of the room's log. */
    public Page page(String room, PageRequest request) {
        return page(room, request, (head, bounds) -> {
            var items = read(room, head.epoch(), bounds, request);
            var now = store.head(room);
            var oldest = oldest(room, now); // the oldest last: what was pruned since is below it
            return now.epoch().equals(head.epoch()) ? logPage(room, now, oldest, request, items) : null;
        });
    }

    /** Messages under their create seq with all their changes applied, every one up to the page's {@code headSeq} at least (HIS-3). */
    public Page latest(String room, PageRequest request) {
        return page(room, request, (head, bounds) -> {
            var found = messages.read(room, head.epoch(), bounds.oldest(), bounds.newest(), request);
            var now = store.head(room);
            return now.epoch().equals(head.epoch()) ? latestPage(room, head, oldest(room, now), request, found) : null;
        });
    }

    /** Reads again when the room began anew meanwhile. */
    private Page page(String room, PageRequest request, Reading reading) {
        for (var head = store.head(room); head != null; head = store.head(room)) {
            var page = reading.read(head, Bounds.of(head, request));
            if (page != null) {
                return page;
            }
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

    private List<Kept> read(String room, String epoch, Bounds bounds, PageRequest request) {
        if (bounds.oldest() > bounds.newest()) {
            return List.of();
        }
        try (var entries = request.isForward() ? store.ascending(room, epoch, bounds.oldest(), bounds.newest())
                : store.descending(room, epoch, bounds.newest(), bounds.oldest())) {
            return take(entries, request);
        }
    }

    private static List<Kept> take(Range<Kept> entries, PageRequest request) {
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

    private static Page latestPage(String room, Head head, Oldest oldest, PageRequest request, LatestReader.Found found) {
        var items = found.items().stream().filter(item -> item.seq() >= oldest.seq()).toList();
        boolean passedTheOldest = !request.isForward() && items.size() < found.items().size();
        return new Page(room, head.epoch(), head.seq(), oldest.seq(), oldest.at(), items, found.exhausted() || passedTheOldest);
    }

    private static Page logPage(String room, Head head, Oldest oldest, PageRequest request, List<Kept> read) {
        var items = read.stream().filter(item -> item.seq() >= oldest.seq()).map(Page.Item::of).toList();
        requireDense(items, request.isForward() ? 1 : -1);
        return new Page(room, head.epoch(), head.seq(), oldest.seq(), oldest.at(), items, isComplete(head.seq(), oldest.seq(), request, items));
    }

    private static boolean isComplete(long newest, long oldest, PageRequest request, List<Page.Item> items) {
        if (request.isForward()) {
            return (items.isEmpty() ? request.after() : items.get(items.size() - 1).seq()) >= newest;
        }
        long reached = !items.isEmpty() ? items.get(items.size() - 1).seq() : request.before() == null ? newest + 1 : request.before();
        return reached <= oldest;
    }

    /** Better no page than one with a hole in it. */
    private static void requireDense(List<Page.Item> items, int step) {
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i).seq() != items.get(i - 1).seq() + step) {
                throw new IllegalStateException("unable to read a page; no entry follows seq " + items.get(i - 1).seq() + " in the view");
            }
        }
    }

    private interface Reading {
        /** Null when it must be read again. */
        Page read(Head head, Bounds bounds);
    }

    /** The seqs a page may hold; none when {@code oldest} is past {@code newest}. */
    private record Bounds(long oldest, long newest) {
        static Bounds of(Head head, PageRequest request) {
            return request.isForward() ? new Bounds(Math.max(head.oldestSeq(), request.after() + 1), head.seq())
                    : new Bounds(head.oldestSeq(), request.before() == null ? head.seq() : Math.min(head.seq(), request.before() - 1));
        }
    }

    private record Oldest(long seq, Instant at) {
    }
}
