package io.millrace.contract.record;

import io.millrace.contract.frame.ErrorCode;

/** Why an attempt or a message failed (SYN-7). {@code reason} is the hook's own code where a hook refused (RUN-4). */
public record Cause(ErrorCode code, String message, boolean retryable, String reason) {
    public static Cause of(ErrorCode code, String message) {
        return new Cause(code, message, code.retryable(), null);
    }
}
