package io.millrace.streams.history;

import io.millrace.streams.history.pages.RoomReader;
import io.millrace.streams.history.pages.ViewStore;
import java.util.concurrent.CompletableFuture;

/**
 * One partition of the view while this process owns it, from the moment its state is restored: its store, and how far it has come in
 * the log. Positions are written by the stream thread alone, read by any.
 *
 * <p>Kafka's offsets are not dense: after the last record stand transaction markers and records of aborted transactions, which never
 * reach a processor. So the consumer's position says how far the log was read, and the last record polled what of it must be in the store.
 */
public final class ViewPartition {
    private static final long NONE = -1;

    private final ViewStore store;
    private final Waits waits = new Waits();
    private volatile long position = NONE;
    private volatile long lastPolled = NONE;
    private volatile long lastProcessed = NONE;

    ViewPartition(ViewStore store) {
        this.store = store;
    }

    /** For any thread; to be used at once, since the partition can leave. */
    public RoomReader reader() {
        return new RoomReader(store);
    }

    /** Everything of the log below {@code end} is in the store. */
    boolean covers(long end) {
        long read = position; // before lastPolled: polled() writes them the other way round
        return end <= lastProcessed + 1 || end <= read && lastPolled <= lastProcessed;
    }

    /** A poll came back: the consumer stands at {@code newPosition}; {@code lastRecord} is the last offset it brought, or -1. */
    void polled(long newPosition, long lastRecord) {
        if (lastRecord != NONE) {
            lastPolled = lastRecord;
        }
        if (position != newPosition) {
            position = newPosition;
            waits.advanced(null, 0);
        }
    }

    /** The record at {@code offset} is done with; {@code room} and {@code seq} say where it put its room, null if nowhere. */
    void processed(long offset, String room, long seq) {
        lastProcessed = offset;
        waits.advanced(room, seq);
    }

    /** Completes once everything below {@code end} is in the store; fails when the partition leaves. */
    public CompletableFuture<Void> covering(long end) {
        var covered = waits.until((room, seq) -> covers(end));
        if (covers(end)) {
            covered.complete(null);
        }
        return covered;
    }

    /** Completes once {@code room} has reached {@code wanted}; fails when the partition leaves. */
    public CompletableFuture<Void> reaching(String room, long wanted) {
        var reached = waits.until((named, seq) -> room.equals(named) && seq >= wanted);
        var head = store.head(room);
        if (head != null && head.seq() >= wanted) {
            reached.complete(null);
        }
        return reached;
    }

    public int waiting() {
        return waits.size();
    }

    void close() {
        waits.close();
    }
}
