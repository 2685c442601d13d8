package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Lane;
import java.time.Instant;

/**
 * Internal: what one call of the pre-sync hook came to (SYN-10, RUN-4): allowed with {@code failure} null, perhaps with a changed
 * text, data or metadata; refused or unanswered with a cause whose {@code retryable} tells which. Key: sender.
 */
public record HookVerdict(String sender, String session, Lane lane, Long laneSeq, String room, String id, int attempt, Cause failure,
                          String text, JsonNode data, JsonNode metadata, Instant at) {
    public HookVerdict {
        if (sender == null || session == null || lane == null || room == null || id == null || attempt < 1 || at == null) {
            throw new InvalidMessage("a hook verdict needs to name its message and attempt");
        }
    }

    @JsonIgnore
    public boolean allows() {
        return failure == null;
    }

    /** The message as the hook lets it go on: text, data and metadata of the verdict stand for the original ones, what it leaves out stays. */
    public AcceptedMessage applyTo(AcceptedMessage accepted) {
        if (text == null && data == null && metadata == null) {
            return accepted;
        }
        return new AcceptedMessage(accepted.sender(), accepted.at(), accepted.moderator(), accepted.message().withContent(text, data, metadata));
    }
}
