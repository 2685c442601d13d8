package io.millrace.ingest;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all messages on their way to Kafka (ING-6), so that the producer's buffer never fills and sending never
 * waits. Who finds no room waits to be called when half of it is free again. Safe on any thread.
 */
final class Unwritten {
    private final long limit;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Unwritten(long limit) {
        this.limit = limit;
    }

    /** True when the bytes fit and count from now on. A single message larger than everything fits when nothing else is there. */
    boolean reserve(int more) {
        long before = bytes.getAndAdd(more);
        if (before == 0 || before + more <= limit) {
            return true;
        }
        release(more);
        return false;
    }

    void release(int fewer) {
        if (bytes.addAndGet(-fewer) <= limit / 2) {
            wake();
        }
    }

    /** Runs the action once, on any thread, when there is room again; at once if there is now. */
    void whenFree(Runnable action) {
        waiting.add(action);
        if (bytes.get() <= limit / 2) {
            wake();
        }
    }

    long bytes() {
        return bytes.get();
    }

    private void wake() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }
}
