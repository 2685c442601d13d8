package io.millrace.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testing.FrameClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * A client as clients should be: it counts its messages per lane, and when its connection ends or answers do not come it goes to the next
 * pod and sends again what was not accepted, in order. One thread at a time.
 */
final class SendingClient {
    private static final Duration RESEND_AFTER = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int MOST_UNANSWERED = 64;
    static final int ROOMS = 6;

    private final String sender;
    private final String session;
    private final String token;
    private final List<URI> pods;
    private final Runnable onAccepted;
    private final Random random;
    private final Map<Long, Map<String, Object>> unanswered = new LinkedHashMap<>();
    private final Map<String, Long> laneSeqs = new LinkedHashMap<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private FrameClient connection;
    private int framesRead;
    private int pod;
    private long lastRef;
    private Instant heardAt = Instant.MIN;

    /** {@code onAccepted} is told each time a message is. */
    SendingClient(String sender, String session, String token, List<URI> pods, Runnable onAccepted) {
        this.onAccepted = onAccepted;
        this.sender = sender;
        this.session = session;
        this.token = token;
        this.pods = pods;
        this.random = new Random(sender.hashCode());
        this.pod = random.nextInt(pods.size());
    }

    /** The names of all messages that were accepted. */
    Set<String> accepted() {
        return accepted;
    }

    /** Answers that no fault explains. */
    Set<String> refused() {
        return refused;
    }

    /** Nothing is under way, not even in a {@link #tick} that has begun. */
    synchronized boolean isAnswered() {
        return unanswered.isEmpty();
    }

    /** Does what is due: reads answers, reconnects, sends again, and sends one message more if there are {@code more}. */
    synchronized void tick(BooleanSupplier more) {
        try {
            if (connection == null || connection.isClosed()) {
                connect();
                return;
            }
            hear();
            if (!unanswered.isEmpty() && heardAt.plus(RESEND_AFTER).isBefore(Instant.now())) {
                connection.cut();
                connect();
            } else if (more.getAsBoolean() && unanswered.size() < MOST_UNANSWERED) {
                if (unanswered.isEmpty()) {
                    heardAt = Instant.now();
                }
                connection.send(next());
            }
        } catch (AssertionError | RuntimeException e) {
            connection = null; // this pod cannot be reached; the next tick tries another
        }
    }

    private void connect() {
        connection = null;
        pod++;
        var options = FrameClient.options(pods.get(pod % pods.size())).putHeader("Authorization", "Bearer " + token);
        options.setTimeout(CONNECT.toMillis());
        connection = FrameClient.connect(options);
        framesRead = 0;
        heardAt = Instant.now();
        for (var message : new ArrayList<>(unanswered.values())) {
            connection.send(message);
        }
    }

    private void hear() {
        var frames = connection.frames();
        frames.subList(framesRead, frames.size()).forEach(this::hear);
        framesRead = frames.size();
    }

    private void hear(JsonNode frame) {
        var message = unanswered.get(frame.path("ref").asLong());
        if (message == null) {
            return;
        }
        if (frame.path("op").asText().equals("accepted")) {
            heardAt = Instant.now();
            unanswered.remove(frame.path("ref").asLong());
            accepted.add(Logged.name(sender, (String) message.get("room"), (String) message.get("id")));
            onAccepted.run();
        } else if (!frame.path("retryable").asBoolean()) {
            refused.add(frame.toString());
        }
    }

    private Map<String, Object> next() {
        var type = random.nextInt(3) == 0 ? "image" : "text";
        long laneSeq = laneSeqs.merge(type, 1L, Long::sum);
        var id = session + "-" + type + laneSeq;
        Map<String, Object> message = Map.of("op", "send", "ref", ++lastRef, "id", id, "room", "room" + random.nextInt(ROOMS), "session", session,
                "laneSeq", laneSeq, "action", "message.create", "type", type, "text", "hello");
        unanswered.put(lastRef, message);
        return message;
    }

    void close() {
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public String toString() {
        return sender + " with " + unanswered.size() + " unanswered of " + lastRef;
    }
}
