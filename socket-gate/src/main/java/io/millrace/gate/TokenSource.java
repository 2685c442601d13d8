package io.millrace.gate;

import io.millrace.gate.token.KeyFile;
import io.millrace.gate.token.TokenRules;
import io.millrace.gate.token.TokenVerifier;
import io.millrace.gate.token.VerificationKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;
import java.time.Instant;
import jakarta.inject.Singleton;

/** Builds the one verifier of this process from {@code millrace.auth}; without keys nothing starts. */
@ApplicationScoped
class TokenSource {
    @Produces
    @Singleton
    TokenVerifier verifier(AuthConfig config) {
        return new TokenVerifier(keys(config), new TokenRules(config.leeway(), config.issuer(), config.audience()), Instant::now);
    }

    private static VerificationKeys keys(AuthConfig config) {
        return config.publicKeyLocation().map(file -> KeyFile.read(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException("unable to verify tokens; millrace.auth.public-key-location names no key file"));
    }
}
