package io.millrace.gate;

import io.millrace.gate.limit.Admission;
import io.millrace.gate.token.AuthConfig;
import io.millrace.gate.token.KeyFile;
import io.millrace.gate.token.TokenRules;
import io.millrace.gate.token.TokenVerifier;
import io.millrace.gate.token.VerificationKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Builds from configuration what is plain code otherwise; without keys to verify tokens with, nothing starts. */
@ApplicationScoped
class GateBeans {
    @Produces
    @Singleton
    TokenVerifier verifier(AuthConfig config) {
        return new TokenVerifier(keys(config), new TokenRules(config.leeway(), config.issuer(), config.audience()), Instant::now);
    }

    @Produces
    @Singleton
    Admission admission(GateConfig config) {
        var perAddress = config.connectionsPerAddress();
        var rules = new Admission.Rules(config.allowedOrigins().orElse(List.of()), config.connectionsPerSender(), perAddress.rate(), perAddress.burst());
        return new Admission(rules, System::nanoTime);
    }

    private static VerificationKeys keys(AuthConfig config) {
        return config.publicKeyLocation().map(file -> KeyFile.read(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException("unable to verify tokens; millrace.auth.public-key-location names no key file"));
    }
}
