package io.millrace.streams.history.http;

import io.millrace.contract.message.InvalidMessage;
import io.vertx.core.MultiMap;

/** Whole numbers among a request's parameters. */
public final class Numbers {
    private Numbers() {
    }

    /** The parameter's value, {@code otherwise} if it is absent; rejects what is no number from {@code least} on. */
    public static Long number(MultiMap parameters, String name, long least, Long otherwise) {
        var text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value < Long.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one refusal
        }
        throw new InvalidMessage(name + " must be a whole number from " + least);
    }
}
