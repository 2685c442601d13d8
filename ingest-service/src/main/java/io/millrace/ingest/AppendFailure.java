package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Message;
import java.time.Duration;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Why a message did not become durable, as its sender is told: trouble of Kafka's is {@code UNAVAILABLE} and may pass (ING-6). */
record AppendFailure(ErrorCode code, String reason, Duration retryAfter) {
    static AppendFailure of(Exception cause, Duration retryAfter) {
        return cause instanceof RecordTooLargeException
                ? new AppendFailure(ErrorCode.TOO_LARGE, "the record is larger than Kafka takes", null)
                : unavailable("the message could not be made durable in time", retryAfter);
    }

    static AppendFailure unavailable(String reason, Duration retryAfter) {
        return new AppendFailure(ErrorCode.UNAVAILABLE, reason, retryAfter);
    }

    ServerFrame.Error error(Message message, JsonNode ref) {
        return Judgement.error(code, reason, message, ref, retryAfter);
    }
}
