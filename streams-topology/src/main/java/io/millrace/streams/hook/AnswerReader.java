package io.millrace.streams.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Message;
import io.millrace.streams.hook.HookAnswer.Allowed;
import io.millrace.streams.hook.HookAnswer.Refused;
import io.millrace.streams.hook.HookAnswer.Trouble;
import io.millrace.streams.hook.HookAnswer.Trouble.Kind;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads an HTTP answer of the hook (RUN-4), a pure function. What says nothing about the message, or says it in a way that cannot
 * be kept, is trouble and never a refusal: a broken hook is not the sender's fault.
 */
final class AnswerReader {
    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;

    private final int maxMessageBytes;

    AnswerReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    HookAnswer read(Message asked, int status, byte[] body) {
        if (status == OK) {
            return verdict(asked, body);
        }
        boolean refuses = status >= 400 && status < 500 && status != TOO_MANY_REQUESTS;
        return refuses ? refusal(status, body) : new Trouble(Kind.STATUS, "it answered with status " + status);
    }

    private HookAnswer verdict(Message asked, byte[] body) {
        return parse(body).map(answer -> switch (String.valueOf(answer.verdict())) {
            case "allow" -> allowed(asked, answer);
            case "refuse" -> new Refused(answer.code(), answer.message());
            default -> new Trouble(Kind.UNREADABLE, "its verdict is neither allow nor refuse");
        }).orElseGet(() -> new Trouble(Kind.UNREADABLE, "its answer cannot be read"));
    }

    private HookAnswer allowed(Message asked, Body answer) {
        var allowed = new Allowed(answer.text(), answer.data(), answer.metadata());
        if (!allowed.changes()) {
            return Allowed.UNCHANGED;
        }
        try {
            int bytes = Json.bytes(asked.withContent(answer.text(), answer.data(), answer.metadata())).length;
            return bytes <= maxMessageBytes ? allowed : new Trouble(Kind.INVALID_CHANGE, "its change makes the message larger than " + maxMessageBytes + " bytes");
        } catch (InvalidMessage e) {
            return new Trouble(Kind.INVALID_CHANGE, "its change is invalid: " + e.getMessage());
        }
    }

    /** The status alone refuses; a readable body may add the hook's own code and words. */
    private static HookAnswer refusal(int status, byte[] body) {
        var said = parse(body).map(answer -> new Refused(answer.code(), answer.message()));
        return said.filter(refused -> refused.code() != null).orElseGet(() -> new Refused("http-" + status, said.map(Refused::message).orElse(null)));
    }

    private static Optional<Body> parse(byte[] body) {
        try {
            return Optional.ofNullable(Json.FROM_OUTSIDE.readValue(body, Body.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private record Body(String verdict, String code, String message, String text, JsonNode data, JsonNode metadata) {
        Body {
            data = data == null || data.isNull() ? null : data;
            metadata = metadata == null || metadata.isNull() ? null : metadata;
        }
    }
}
