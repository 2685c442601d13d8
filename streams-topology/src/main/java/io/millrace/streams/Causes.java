package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.Cause;

/** A {@link Cause} as state stores keep it. */
public final class Causes {
    private Causes() {
    }

    public static void write(Cause cause, ByteWriter to) {
        to.putText(cause.code().name()).putByte(cause.retryable() ? 1 : 0).putOptionalText(cause.message()).putOptionalText(cause.reason());
    }

    public static Cause read(ByteReader from) {
        var code = ErrorCode.valueOf(from.takeText());
        boolean retryable = from.takeByte() == 1;
        return new Cause(code, from.takeOptionalText(), retryable, from.takeOptionalText());
    }
}
