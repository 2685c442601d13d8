package io.millrace.gate.token;

import io.millrace.contract.frame.ErrorCode;

/** A token that proves nothing, or nothing yet; the message says why and never repeats the token (SEC-5). */
public final class RefusedToken extends Exception {
    private final transient ErrorCode code;

    public RefusedToken(String reason) {
        this(ErrorCode.UNAUTHENTICATED, reason);
    }

    private RefusedToken(ErrorCode code, String reason) {
        super("unable to accept the token; " + reason, null, false, false);
        this.code = code;
    }

    /** No fault of the token's: it cannot be judged just now. */
    static RefusedToken forNow(String reason) {
        return new RefusedToken(ErrorCode.UNAVAILABLE, reason);
    }

    public ErrorCode code() {
        return code;
    }
}
