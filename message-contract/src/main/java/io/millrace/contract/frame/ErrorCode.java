package io.millrace.contract.frame;

/** Every code an error frame, an HTTP error or a failure's cause can carry (ERR-1), with its HTTP status and whether trying again can help. */
public enum ErrorCode {
    BAD_FRAME(400, false),
    INVALID(400, false),
    TOO_LARGE(413, false),
    UNAUTHENTICATED(401, false),
    FORBIDDEN(403, false),
    RATE_LIMITED(429, true),
    UNAVAILABLE(503, true),
    ROOM_LIMIT(429, false),
    OVERTAKEN(409, false),
    LANE_FULL(409, false),
    LANE_FAILED(409, false),
    UPLOAD_TIMEOUT(409, false),
    ATTACHMENT_FAILED(409, false),
    HOOK_UNAVAILABLE(503, true),
    REFUSED(403, false),
    TARGET_UNKNOWN(404, false),
    NOT_SUBSCRIBED(400, false),
    STREAM_RECREATED(410, false),
    INTERNAL(500, true);

    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(int httpStatus, boolean retryable) {
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public boolean retryable() {
        return retryable;
    }
}
