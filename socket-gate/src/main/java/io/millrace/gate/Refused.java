package io.millrace.gate;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import java.time.Duration;

/** An upgrade or request that is not let in: {@code reason} labels the metric, {@code error} is what the peer is told. */
final class Refused extends Exception {
    final String reason;
    final transient ServerFrame.Error error;

    Refused(String reason, ServerFrame.Error error) {
        super(error.message(), null, false, false);
        this.reason = reason;
        this.error = error;
    }

    static Refused later(String reason, ErrorCode code, String message, Duration retryAfter) {
        return new Refused(reason, new ServerFrame.Error(null, null, code, message, true, retryAfter.toMillis()));
    }
}
