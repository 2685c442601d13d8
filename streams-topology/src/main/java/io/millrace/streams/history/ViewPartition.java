package io.millrace.streams.history;

import io.millrace.streams.history.pages.RoomReader;
import io.millrace.streams.history.pages.ViewStore;
import java.util.concurrent.CompletableFuture;

/** One partition of the view of the room log while this process owns it: its store, and how far it has come; any thread. */
public final class ViewPartition extends Progress {
    private final ViewStore store;

    ViewPartition(ViewStore store) {
        this.store = store;
    }

    /** For any thread; to be used at once, since the partition can leave. */
    public RoomReader reader() {
        return new RoomReader(store);
    }

    /** Completes once {@code room} has reached {@code wanted}; fails when the partition leaves. */
    public CompletableFuture<Void> reaching(String room, long wanted) {
        var reached = until((named, seq) -> room.equals(named) && seq >= wanted);
        var head = store.head(room);
        if (head != null && head.seq() >= wanted) {
            reached.complete(null);
        }
        return reached;
    }
}
