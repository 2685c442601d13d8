package io.millrace.guarantee;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One line of a recording: what a client's connection sent or got, or that it opened (then {@code sender} says whose it is) or closed (with
 * the close code). Exactly one of {@code sent}, {@code got}, {@code sender} and {@code closed} is there. {@code connection} is unique.
 */
public record RecordedFrame(Instant at, String connection, String sender, JsonNode sent, JsonNode got, Integer closed) {
    public RecordedFrame {
        int said = (sender == null ? 0 : 1) + (sent == null ? 0 : 1) + (got == null ? 0 : 1) + (closed == null ? 0 : 1);
        if (at == null || connection == null || said != 1) {
            throw new IllegalArgumentException("a recorded frame needs at, connection and one of sender, sent, got and closed");
        }
    }

    public static RecordedFrame opened(Instant at, String connection, String sender) {
        return new RecordedFrame(at, connection, sender, null, null, null);
    }

    public static RecordedFrame sent(Instant at, String connection, JsonNode frame) {
        return new RecordedFrame(at, connection, null, frame, null, null);
    }

    public static RecordedFrame got(Instant at, String connection, JsonNode frame) {
        return new RecordedFrame(at, connection, null, null, frame, null);
    }

    public static RecordedFrame closed(Instant at, String connection, int code) {
        return new RecordedFrame(at, connection, null, null, null, code);
    }

    @JsonIgnore
    boolean isGot(String op) {
        return got != null && op.equals(got.path("op").asText());
    }

    @JsonIgnore
    boolean isSent(String op) {
        return sent != null && op.equals(sent.path("op").asText());
    }
}
