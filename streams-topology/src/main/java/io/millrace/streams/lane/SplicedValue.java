package io.millrace.streams.lane;

import io.millrace.contract.json.Json;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.streams.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes JSON around an accepted message as it is, so that passing a message on costs no encoding of it. The message must have been
 * decoded before: nothing is checked here.
 */
final class SplicedValue {
    private static final byte[] ACCEPTED = ascii("{\"accepted\":");
    private static final byte[] ATTEMPT = ascii(",\"attempt\":");
    private static final byte[] MAX_ATTEMPTS = ascii(",\"maxAttempts\":");
    private static final byte[] ATTEMPTS = ascii(",\"attempts\":");
    private static final byte[] FAILURE = ascii(",\"failure\":");
    private static final byte[] END = ascii("}");
    private static final int OVERHEAD = 96;

    private SplicedValue() {
    }

    /** An {@code InboxRecord}; {@code failure} is null for a message that passes. */
    static byte[] inbox(byte[] accepted, int attempt, int maxAttempts, List<FailedAttempt> attempts, Cause failure) {
        var value = begin(accepted, attempt).putRest(MAX_ATTEMPTS).putRest(ascii(Integer.toString(maxAttempts)));
        if (!attempts.isEmpty()) {
            value.putRest(ATTEMPTS).putRest(Json.bytes(attempts));
        }
        if (failure != null) {
            value.putRest(FAILURE).putRest(Json.bytes(failure));
        }
        return value.putRest(END).toBytes();
    }

    /** A {@code HookAttempt}. */
    static byte[] hookAttempt(byte[] accepted, int attempt) {
        return begin(accepted, attempt).putRest(END).toBytes();
    }

    private static ByteWriter begin(byte[] accepted, int attempt) {
        return new ByteWriter(accepted.length + OVERHEAD).putRest(ACCEPTED).putRest(accepted).putRest(ATTEMPT).putRest(ascii(Integer.toString(attempt)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
