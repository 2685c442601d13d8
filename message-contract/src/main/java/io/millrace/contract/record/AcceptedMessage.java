package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Message;
import java.time.Instant;

/**
 * A record of a lane topic: who sent what, and when ingest accepted it. {@code moderator} says that the token held
 * {@code moderate} for the room at that moment (LOG-3). Key: sender.
 */
public record AcceptedMessage(String sender, Instant at, boolean moderator, Message message) {
    public AcceptedMessage {
        if (sender == null || sender.isEmpty() || at == null || message == null) {
            throw new InvalidMessage("an accepted message needs sender, at and message");
        }
    }

    @JsonIgnore
    public LaneId lane() {
        return new LaneId(sender, message.session(), message.lane());
    }
}
