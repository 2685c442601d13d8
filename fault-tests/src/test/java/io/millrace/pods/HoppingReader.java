package io.millrace.pods;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.RecordedFrame;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that reads one room for as long as it lives: whenever its connection ends, or it is told to hop, it connects again, to whichever pod
 * answers, and resumes with the cursor of the last entry it has. Everything is recorded. Runs on a thread of its own.
 */
public final class HoppingReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();

    private final URI uri;
    private final String sender;
    private final String token;
    private final String room;
    private final List<RecordedFrame> recorded = new ArrayList<>();
    private final List<Long> comeBackAfter = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "hopping-reader");
    private volatile long seq;
    private volatile boolean attached;
    private volatile boolean hop;
    private volatile boolean asleep;
    private volatile boolean slow;
    private volatile boolean over;
    private String cursor;

    public HoppingReader(URI uri, String sender, String token, String room) {
        this.uri = uri;
        this.sender = sender;
        this.token = token;
        this.room = room;
        thread.setDaemon(true);
    }

    public HoppingReader start() {
        thread.start();
        return this;
    }

    String room() {
        return room;
    }

    /** The last seq it was given or is excused from. */
    public long seq() {
        return seq;
    }

    public boolean isAttached() {
        return attached;
    }

    /** Cuts the connection and comes back. */
    void hop() {
        hop = true;
    }

    /** Cuts the connection and stays away until {@link #wake()}. */
    void sleep() {
        asleep = true;
        hop = true;
    }

    void wake() {
        asleep = false;
    }

    /** Takes nothing from its connection until told to {@link #hurry()}. */
    void dawdle() {
        slow = true;
    }

    void hurry() {
        slow = false;
    }

    /** What it recorded; to be read when it is closed. */
    public List<RecordedFrame> recorded() {
        return recorded;
    }

    /** What each {@code goodbye} told it; to be read when it is closed. */
    List<Long> comeBackAfter() {
        return comeBackAfter;
    }

    private void run() {
        while (!over) {
            if (asleep) {
                LockSupport.parkNanos(LOOK_NANOS);
                continue;
            }
            try {
                read();
            } catch (AssertionError | FrameClient.UpgradeRefused e) {
                LockSupport.parkNanos(RETRY_NANOS); // no pod answered, or it went away at once
            }
        }
    }

    private void read() {
        String connection = sender + "-" + UUID.randomUUID();
        var client = FrameClient.connect(uri, token);
        recorded.add(RecordedFrame.opened(Instant.now(), connection, sender));
        var subscribe = Frames.of("subscribe", 1).put("room", room);
        if (cursor != null) {
            subscribe.put("cursor", cursor);
        }
        recorded.add(RecordedFrame.sent(Instant.now(), connection, subscribe));
        try {
            client.send(subscribe);
            follow(client);
        } finally {
            attached = false;
            boolean stays = over && !client.isClosed();
            var frames = client.frames();
            frames.forEach(frame -> recorded.add(RecordedFrame.got(Instant.now(), connection, frame)));
            if (!stays) {
                recorded.add(RecordedFrame.closed(Instant.now(), connection, 1006));
            }
            take(frames);
            client.cut();
        }
        wait(client.frames("goodbye"));
    }

    private void follow(FrameClient client) {
        hop = false;
        boolean paused = false;
        int seen = 0;
        while (!over && !hop && !client.isClosed()) {
            if (slow != paused) {
                paused = !paused;
                take(client, !paused);
            }
            var frames = client.frames();
            for (JsonNode frame : frames.subList(seen, frames.size())) {
                boolean refused = frame.path("op").asText().equals("error");
                attached |= frame.path("op").asText().equals("subscribed");
                seq = reached(frame).orElse(seq);
                hop |= refused;
            }
            seen = frames.size();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void take(FrameClient client, boolean more) {
        if (more) {
            client.resume();
        } else {
            client.pause();
        }
    }

    private static Optional<Long> reached(JsonNode frame) {
        return switch (frame.path("op").asText()) {
            case "message" -> Optional.of(frame.path("seq").asLong());
            case "discontinuity" -> Optional.of(frame.path("to").asLong());
            default -> Optional.empty();
        };
    }

    /** The next cursor: the last entry's, or the attach point's where nothing lies before it that was not told. */
    private void take(List<JsonNode> frames) {
        JsonNode subscribed = null;
        for (JsonNode frame : frames) {
            switch (frame.path("op").asText()) {
                case "subscribed" -> {
                    subscribed = frame;
                    if (cursor == null || frame.path("resumed").asBoolean() && frame.path("replayed").asLong() == 0) {
                        cursor = frame.path("cursor").asText();
                    }
                }
                case "discontinuity" -> cursor = subscribed.path("cursor").asText();
                case "message" -> cursor = frame.path("cursor").asText();
                default -> { }
            }
        }
    }

    private void wait(List<JsonNode> goodbyes) {
        for (JsonNode goodbye : goodbyes) {
            long after = goodbye.path("reconnectAfterMs").asLong();
            comeBackAfter.add(after);
            LockSupport.parkNanos(Duration.ofMillis(after).toNanos());
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
