package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Message;
import io.millrace.gate.limit.Pace;
import io.millrace.gate.token.Principal;
import io.millrace.gate.token.Right;
import java.time.Duration;
import java.util.Optional;

/** Whether a well-formed message may be sent now by who sends it: rights first (SEC-1), then the sender's rate (SEC-3). */
final class Judgement {
    private final Pace<String> pace;

    Judgement(Pace<String> pace) {
        this.pace = pace;
    }

    /** Over the socket a message needs its laneSeq (ING-1). */
    Optional<ServerFrame.Error> refusalOnSocket(Principal principal, Message message, JsonNode ref) {
        if (message.laneSeq() == null) {
            return Optional.of(error(ErrorCode.INVALID, "laneSeq is missing", message, ref, null));
        }
        return refusal(principal, message, ref);
    }

    Optional<ServerFrame.Error> refusal(Principal principal, Message message, JsonNode ref) {
        if (!principal.rights().allows(message.room(), Right.PUBLISH)) {
            return Optional.of(error(ErrorCode.FORBIDDEN, "the token does not allow to publish in this room", message, ref, null));
        }
        Duration wait = pace.pass(principal.sender());
        return wait.isZero() ? Optional.empty() : Optional.of(error(ErrorCode.RATE_LIMITED, "too many messages of this sender", message, ref, wait));
    }

    static ServerFrame.Error error(ErrorCode code, String reason, Message message, JsonNode ref, Duration retryAfter) {
        return new ServerFrame.Error(ref, message.id(), code, "unable to accept; " + reason, code.retryable(), retryAfter == null ? null : retryAfter.toMillis());
    }
}
