package io.millrace.ingest.attachment.file;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;

/** What a peer asked for and does not get: the error it is told, with its HTTP status (ERR-1). Never our bug, so it has no stack trace. */
public final class Refusal extends RuntimeException {
    private static final int CONFLICT = 409;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final long SOON_MS = 1000;

    private final int status;
    private final transient ServerFrame.Error error;

    private Refusal(int status, ServerFrame.Error error) {
        super(error.message(), null, false, false);
        this.status = status;
        this.error = error;
    }

    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code.httpStatus(), ServerFrame.Error.of(code, message, null));
    }

    /** The request is sound but does not fit what has become of the attachment. */
    public static Refusal conflict(String message) {
        return new Refusal(CONFLICT, ServerFrame.Error.of(ErrorCode.INVALID, message, null));
    }

    public static Refusal outOfRange() {
        return new Refusal(RANGE_NOT_SATISFIABLE, ServerFrame.Error.of(ErrorCode.INVALID, "unable to read the attachment; the range lies beyond its end", null));
    }

    public static Refusal unknown() {
        return of(ErrorCode.TARGET_UNKNOWN, "unable to find the attachment; there is none of this id");
    }

    /** Trouble that may pass, with a hint when to come again. */
    public static Refusal soon(ErrorCode code, String message) {
        return new Refusal(code.httpStatus(), new ServerFrame.Error(null, null, code, message, true, SOON_MS));
    }

    public int status() {
        return status;
    }

    public ServerFrame.Error error() {
        return error;
    }
}
