package io.millrace.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Everything a connection has received, in order, and waiting for more of it. Safe on any thread. */
final class Received {
    private static final int SHOWN = 5;

    private final List<JsonNode> frames = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private boolean ended;

    synchronized void add(String message) {
        messages.add(message);
        for (String frame : message.split("\n")) {
            try {
                frames.add(Json.MAPPER.readTree(frame));
            } catch (IOException e) {
                throw new UncheckedIOException("unable to read a frame of the server", e);
            }
        }
        notifyAll();
    }

    /** Nothing more will come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized List<JsonNode> frames() {
        return List.copyOf(frames);
    }

    synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    synchronized List<JsonNode> await(int count, Predicate<JsonNode> wanted, Duration patience, String description) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<JsonNode> found = new ArrayList<>();
        int seen = 0;
        while (true) {
            for (; seen < frames.size() && found.size() < count; seen++) {
                if (wanted.test(frames.get(seen))) {
                    found.add(frames.get(seen));
                }
            }
            if (found.size() == count) {
                return found;
            }
            waitForMore(deadline, found.size() + " of " + description);
        }
    }

    private void waitForMore(long deadline, String description) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || ended) {
            throw new AssertionError("received " + description + (ended ? " before the connection ended" : "") + "; last frames: "
                    + frames.subList(Math.max(0, frames.size() - SHOWN), frames.size()));
        }
        try {
            wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + description, e);
        }
    }
}
