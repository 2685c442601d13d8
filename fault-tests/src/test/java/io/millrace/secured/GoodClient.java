package io.millrace.secured;

import static io.millrace.testing.Patience.await;

import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A client that does nothing wrong and must be served whatever others do: it sends and waits, again and again, on one connection. */
final class GoodClient implements AutoCloseable {
    private static final long EVERY_MS = 50;

    private final FrameClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong slowestMs = new AtomicLong();
    private volatile Throwable trouble;
    private long laneSeq;

    GoodClient(URI uri, String token) {
        client = FrameClient.connect(uri, token);
        thread.scheduleWithFixedDelay(this::turn, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void turn() {
        try {
            laneSeq++;
            long from = System.nanoTime();
            var answer = client.send(Frames.text("good-" + laneSeq, "good", "good", laneSeq, "a good message")).awaitReply(laneSeq);
            if (!answer.path("op").asText().equals("accepted")) {
                throw new AssertionError("not accepted: " + answer);
            }
            slowestMs.accumulateAndGet(Duration.ofNanos(System.nanoTime() - from).toMillis(), Math::max);
            served.incrementAndGet();
        } catch (RuntimeException | AssertionError e) {
            trouble = e;
            throw e; // ends the turns
        }
    }

    /** Passes once it has been served some times more. */
    void awaitServed() {
        long before = served.get();
        await("the good client to be served").atMost(FrameClient.PATIENCE).until(() -> trouble != null || served.get() >= before + 3);
        if (trouble != null) {
            throw new AssertionError("the good client was not served", trouble);
        }
    }

    long served() {
        return served.get();
    }

    long slowestMs() {
        return slowestMs.get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        client.close();
    }
}
