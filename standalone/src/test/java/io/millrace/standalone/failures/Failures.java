package io.millrace.standalone.failures;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.AttachmentRef;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.contract.record.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Failures as the topic has them. */
final class Failures {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Failures() {
    }

    static StoredFailure failed(String id, String sender, String room, ErrorCode code, Instant at) {
        var message = new Message(id, room, "s1", 3L, Action.CREATE, MessageType.IMAGE, "look", null, List.of(new AttachmentRef("a1", "cat.png")),
                Json.MAPPER.createObjectNode().put("mood", "good"), "m0", null, NOON);
        return of(message, sender, code, at);
    }

    /** The failure of a message that had been sent again for {@code former}. */
    static StoredFailure failedAgain(StoredFailure former, ErrorCode code, Instant at) {
        return of(Resent.message(former.failure(), "s2", 1), former.sender(), code, at);
    }

    static StoredFailure undecodable(String key, Instant at) {
        var lost = new Failure.Undecodable("chat.messages.text", 3, 17, key == null ? null : key.getBytes(StandardCharsets.UTF_8), "{\u001b[31m".getBytes(StandardCharsets.UTF_8));
        return new StoredFailure(3, 1, new Failure(null, null, null, null, null, null, null, null, null, at, lost));
    }

    private static StoredFailure of(Message message, String sender, ErrorCode code, Instant at) {
        var attempts = List.of(new FailedAttempt(1, at.minusSeconds(5), Cause.of(ErrorCode.HOOK_UNAVAILABLE, "unable to sync; the hook did not answer")));
        var cause = new Cause(code, "unable to sync; so it is", false, "BANNED");
        return new StoredFailure(0, at.getEpochSecond(), new Failure(message.id(), message.room(), sender, message.session(), Lane.MEDIA, message.laneSeq(), cause, attempts, message, at, null));
    }
}
