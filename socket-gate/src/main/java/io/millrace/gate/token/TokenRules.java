package io.millrace.gate.token;

import java.time.Duration;
import java.util.Optional;

/** What a token must say beyond a good signature (SEC-1): its issuer and audience where configured, its expiry within the leeway, and whose it may not be. */
public record TokenRules(Duration leeway, Optional<String> issuer, Optional<String> audience, DevelopmentTokens development) {
    private static final Duration MAX_LEEWAY = Duration.ofSeconds(5);

    /** As everywhere but in the standalone. */
    public TokenRules(Duration leeway, Optional<String> issuer, Optional<String> audience) {
        this(leeway, issuer, audience, DevelopmentTokens.REFUSED);
    }

    public TokenRules {
        if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
            throw new IllegalArgumentException("unable to verify tokens; the leeway must be 0 to " + MAX_LEEWAY.toSeconds() + " s");
        }
    }
}
