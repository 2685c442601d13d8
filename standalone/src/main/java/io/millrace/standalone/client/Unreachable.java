package io.millrace.standalone.client;

/** The server did not answer, or not with what was asked for; whoever sees it may try again. {@code isRefusal}: trying again as it is cannot help. */
public final class Unreachable extends RuntimeException {
    private final boolean refusal;

    private Unreachable(String message, boolean refusal) {
        super(message, null, false, false);
        this.refusal = refusal;
    }

    public static Unreachable forNow(String reason) {
        return new Unreachable(reason, false);
    }

    static Unreachable refused(String reason) {
        return new Unreachable(reason, true);
    }

    /** A socket's close: from 4500 on the server does not want this client back as it is (ERR-2). */
    static Unreachable closed(Short code, String reason) {
        String said = "the server closed the socket (" + (code == null ? "no code" : code) + (reason == null || reason.isEmpty() ? ")" : ", " + reason + ")");
        return new Unreachable(said, code != null && code >= 4500 && code < 5000);
    }

    public boolean isRefusal() {
        return refusal;
    }
}
