package io.millrace.streams.hook;

import io.millrace.streams.hook.HookAnswer.Trouble;

/** Carries {@link Trouble} through the circuit breaker, which counts failures and not values. Expected, so it has no stack trace. */
final class HookTrouble extends RuntimeException {
    private final transient Trouble trouble;

    HookTrouble(Trouble trouble) {
        super(trouble.reason(), null, false, false);
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }
}
