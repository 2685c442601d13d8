package io.millrace.gate;

import io.millrace.gate.token.Principal;
import io.millrace.gate.token.RefusedToken;
import io.millrace.gate.token.TokenVerifier;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;

/** Who speaks on a connection, and until when: ends it shortly after its newest token expired (SEC-2). Owned by the connection's event loop. */
final class Credentials {
    private static final long NO_TIMER = -1;
    private static final Duration LONGEST_TIMER = Duration.ofDays(1);

    private final Context context;
    private final TokenVerifier verifier;
    private final Duration leeway;
    private final Runnable expired;
    private Principal principal;
    private long timer = NO_TIMER;

    Credentials(Principal principal, Context context, TokenVerifier verifier, Duration leeway, Runnable expired) {
        this.principal = principal;
        this.context = context;
        this.verifier = verifier;
        this.leeway = leeway;
        this.expired = expired;
    }

    Principal principal() {
        return principal;
    }

    /** Takes a fresh token of the same sender in place of the one before. */
    void renew(String token) throws RefusedToken {
        Principal fresh = verifier.verify(token);
        if (!fresh.sender().equals(principal.sender())) {
            throw new RefusedToken("its sub is another");
        }
        principal = fresh;
        watch();
    }

    void watch() {
        stop();
        long left = Duration.between(verifier.now(), end()).toMillis();
        timer = context.owner().setTimer(Math.max(1, Math.min(left, LONGEST_TIMER.toMillis())), fired -> judge());
    }

    void stop() {
        if (timer != NO_TIMER) {
            context.owner().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private Instant end() {
        return principal.expiresAt().plus(leeway);
    }

    private void judge() {
        timer = NO_TIMER;
        if (verifier.now().isBefore(end())) {
            watch();
        } else {
            expired.run();
        }
    }
}
