package io.millrace.streams.history;

import java.util.concurrent.CompletableFuture;

/**
 * How far one partition of a view has come in its log while this process owns it, from the moment its state is restored. Written by the
 * stream thread alone, read by any.
 *
 * <p>Kafka's offsets are not dense: after the last record stand transaction markers and records of aborted transactions, which never
 * reach a processor. So the consumer's position says how far the log was read, and the last record polled what of it must be in the store.
 */
public class Progress {
    private static final long NONE = -1;

    private final Waits waits = new Waits();
    private volatile long position = NONE;
    private volatile long lastPolled = NONE;
    private volatile long lastProcessed = NONE;

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

    /** The record at {@code offset} is done with. */
    public final void processed(long offset) {
        processed(offset, null, 0);
    }

    /** As above; {@code room} and {@code seq} say where the record put its room, null if nowhere. */
    final void processed(long offset, String room, long seq) {
        lastProcessed = offset;
        waits.advanced(room, seq);
    }

    /** Completes once everything below {@code end} is in the store; fails when the partition leaves. */
    public final CompletableFuture<Void> covering(long end) {
        var covered = waits.until((room, seq) -> covers(end));
        if (covers(end)) {
            covered.complete(null);
        }
        return covered;
    }

    final CompletableFuture<Void> until(Waits.Condition condition) {
        return waits.until(condition);
    }

    public final int waiting() {
        return waits.size();
    }

    final void close() {
        waits.close();
    }
}
