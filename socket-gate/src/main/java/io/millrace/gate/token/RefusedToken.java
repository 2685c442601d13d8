package io.millrace.gate.token;

/** A token that proves nothing; the message says why and never repeats the token (SEC-5). */
public final class RefusedToken extends Exception {
    public RefusedToken(String reason) {
        super("unable to accept the token; " + reason, null, false, false);
    }
}
