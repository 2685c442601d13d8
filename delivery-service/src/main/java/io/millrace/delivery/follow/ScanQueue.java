package io.millrace.delivery.follow;

import io.millrace.delivery.room.LogScan.Question;
import io.millrace.delivery.room.LogScan.Stretch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Questions that wait for the log to be read, in the order they came; who asks the same shares the answer. Bounded. Any thread. */
final class ScanQueue {
    private final int most;
    private final ScanEvents events;
    private final Map<Asked, CompletableFuture<Stretch>> waiting = new LinkedHashMap<>();
    private boolean closed;

    ScanQueue(int most, ScanEvents events) {
        this.most = most;
        this.events = events;
    }

    synchronized CompletionStage<Stretch> add(int partition, Question question) {
        var asked = new Asked(partition, question);
        var known = waiting.get(asked);
        if (known != null) {
            return known;
        }
        if (closed || waiting.size() >= most) {
            events.refused();
            return CompletableFuture.failedFuture(new RejectedExecutionException("unable to read the log; too many questions wait for it"));
        }
        var answer = new CompletableFuture<Stretch>();
        waiting.put(asked, answer);
        events.waiting(1);
        notifyAll();
        return answer;
    }

    /** The oldest question and all others of its partition that do not begin before it; empty if none comes within {@code millis}. They go on waiting. */
    synchronized List<Asked> next(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (waiting.isEmpty() && !closed && System.nanoTime() < deadline) {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        if (waiting.isEmpty()) {
            return List.of();
        }
        var first = waiting.keySet().iterator().next();
        return waiting.keySet().stream().filter(asked -> asked.partition() == first.partition() && asked.question().from() >= first.question().from()).toList();
    }

    void answer(Asked asked, Stretch stretch) {
        var answer = take(asked);
        if (answer != null) {
            events.answered();
            answer.complete(stretch);
        }
    }

    void fail(Asked asked, Throwable cause) {
        var answer = take(asked);
        if (answer != null) {
            events.failed();
            answer.completeExceptionally(cause);
        }
    }

    /** Whoever waits is told. */
    void close() {
        List<Asked> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(waiting.keySet());
            notifyAll();
        }
        left.forEach(asked -> fail(asked, new RejectedExecutionException("unable to read the log; the service stops")));
    }

    private synchronized CompletableFuture<Stretch> take(Asked asked) {
        var answer = waiting.remove(asked);
        if (answer != null) {
            events.waiting(-1);
        }
        return answer;
    }

    record Asked(int partition, Question question) {
    }
}
