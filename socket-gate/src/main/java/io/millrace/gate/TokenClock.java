package io.millrace.gate;

import io.millrace.gate.token.TokenVerifier;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;

/** Ends a connection shortly after its newest token expired (SEC-2). Owned by the connection's event loop. */
final class TokenClock {
    private static final long NEVER = -1;
    private static final Duration LONGEST_TIMER = Duration.ofDays(1);

    private final Context context;
    private final TokenVerifier verifier;
    private final Duration leeway;
    private final Runnable expired;
    private Instant expiresAt;
    private long timer = NEVER;

    TokenClock(Context context, TokenVerifier verifier, Duration leeway, Runnable expired) {
        this.context = context;
        this.verifier = verifier;
        this.leeway = leeway;
        this.expired = expired;
    }

    void watch(Instant end) {
        stop();
        expiresAt = end;
        long left = Duration.between(verifier.now(), end.plus(leeway)).toMillis();
        timer = context.owner().setTimer(Math.max(1, Math.min(left, LONGEST_TIMER.toMillis())), fired -> judge());
    }

    void stop() {
        if (timer != NEVER) {
            context.owner().cancelTimer(timer);
            timer = NEVER;
        }
    }

    private void judge() {
        timer = NEVER;
        if (verifier.now().isBefore(expiresAt.plus(leeway))) {
            watch(expiresAt);
        } else {
            expired.run();
        }
    }
}
