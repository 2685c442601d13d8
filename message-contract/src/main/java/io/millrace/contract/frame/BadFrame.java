package io.millrace.contract.frame;

import com.fasterxml.jackson.databind.JsonNode;

/** A frame that was refused, with what its sender is told: the code, the reason and, where it could be read, the frame's own ref and id. */
public final class BadFrame extends Exception {
    private final ErrorCode code;
    private final transient JsonNode ref;
    private final String id;

    public BadFrame(ErrorCode code, String message, JsonNode ref, String id) {
        super(message, null, false, false);
        this.code = code;
        this.ref = ref;
        this.id = id;
    }

    public ServerFrame.Error asError() {
        return new ServerFrame.Error(ref, id, code, getMessage(), code.retryable(), null);
    }
}
