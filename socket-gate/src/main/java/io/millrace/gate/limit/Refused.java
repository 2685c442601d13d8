package io.millrace.gate.limit;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import java.time.Duration;

/** An upgrade that is not let in: {@link #reason()} labels the metric, {@link #error()} is what the peer is told. */
public final class Refused extends Exception {
    private final String reason;
    private final transient ServerFrame.Error error;

    public Refused(String reason, ServerFrame.Error error) {
        super(error.message(), null, false, false);
        this.reason = reason;
        this.error = error;
    }

    static Refused later(String reason, ErrorCode code, String message, Duration retryAfter) {
        return new Refused(reason, new ServerFrame.Error(null, null, code, message, true, retryAfter.toMillis()));
    }

    public String reason() {
        return reason;
    }

    public ServerFrame.Error error() {
        return error;
    }
}
