package io.millrace.delivery.history;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.history.LogAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A history page as it fills: up to the limit asked for, up to so many bytes, never without its first item. */
final class Page {
    private final ClientFrame.History request;
    private final long maxBytes;
    private final List<LogAnswer.Item> items = new ArrayList<>();
    private LogAnswer latest;
    private long bytes;
    private boolean cut;

    Page(ClientFrame.History request, long maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    void add(LogAnswer answer) {
        latest = answer;
        for (LogAnswer.Item item : answer.items()) {
            int cost = HistoryPages.bytes(item);
            if (items.size() == request.limit() || !items.isEmpty() && bytes + cost > maxBytes) {
                cut = true;
                return;
            }
            items.add(item);
            bytes += cost;
        }
    }

    boolean isDone() {
        return cut || latest.complete() || latest.items().isEmpty() || missing() == 0;
    }

    int missing() {
        return request.limit() - items.size();
    }

    /** Where the next page begins; empty before the first item. */
    OptionalLong anchor() {
        return items.isEmpty() ? OptionalLong.empty() : OptionalLong.of(items.get(items.size() - 1).seq());
    }

    List<LogAnswer.Item> items() {
        return items;
    }

    String epoch() {
        return latest.epoch();
    }

    /** Nothing more is kept in the direction asked for. */
    boolean isComplete() {
        return !cut && (latest.complete() || latest.items().isEmpty());
    }

    Map<String, Long> next() {
        if (isComplete()) {
            return null;
        }
        return Map.of(request.after() == null ? "before" : "after", items.get(items.size() - 1).seq());
    }

    /** The oldest seq left, where the anchor lies before it (HIS-5); otherwise null. */
    Long trimmedBefore() {
        long oldest = latest.oldestSeq() > 0 ? latest.oldestSeq() : latest.headSeq() + 1;
        boolean trimmed = latest.headSeq() > 0 && oldest > 1
                && (request.after() != null ? request.after() + 1 < oldest : request.before() != null && request.before() <= oldest);
        return trimmed ? oldest : null;
    }
}
