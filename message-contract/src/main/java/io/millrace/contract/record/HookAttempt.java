package io.millrace.contract.record;

import io.millrace.contract.message.InvalidMessage;

/** Internal: the lane scheduler asks for one call of the pre-sync hook (SYN-10); {@code attempt} counts from 1. Key: sender. */
public record HookAttempt(AcceptedMessage accepted, int attempt) {
    public HookAttempt {
        if (accepted == null || attempt < 1) {
            throw new InvalidMessage("a hook attempt needs a message and counts from 1");
        }
    }
}
