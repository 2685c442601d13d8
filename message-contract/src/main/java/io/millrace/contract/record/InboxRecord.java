package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.contract.message.InvalidMessage;
import java.util.List;

/**
 * What the lane scheduler hands to the room sequencer: a message whose turn has come, with {@code failure} null, or one that
 * must end as failed. {@code attempt} is the attempt that decided it; {@code attempts} are those that failed. Key: room.
 */
public record InboxRecord(AcceptedMessage accepted, int attempt, int maxAttempts, List<FailedAttempt> attempts, Cause failure) {
    public InboxRecord {
        if (accepted == null) {
            throw new InvalidMessage("an inbox record needs the accepted message");
        }
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    @JsonIgnore
    public boolean passes() {
        return failure == null;
    }
}
