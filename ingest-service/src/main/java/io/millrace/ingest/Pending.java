package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ServerFrame;

/** A message that waits to become durable, with the {@code ref} its answer must carry (null: none). */
record Pending(Draft draft, JsonNode ref) {
    /** {@code accepted} when there was no failure (ING-2), else the error. */
    ServerFrame answer(AppendFailure failure) {
        var message = draft.accepted().message();
        return failure == null ? new ServerFrame.Accepted(ref, message.id(), message.lane(), message.laneSeq()) : failure.error(message, ref);
    }
}
