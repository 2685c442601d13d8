package io.millrace.gate;

import io.millrace.gate.limit.Admission;
import io.millrace.gate.token.AuthConfig;
import io.millrace.gate.token.DevelopmentTokens;
import io.millrace.gate.token.IssuerKeys;
import io.millrace.gate.token.KeyFile;
import io.millrace.gate.token.TokenRules;
import io.millrace.gate.token.TokenVerifier;
import io.millrace.gate.token.VerificationKeys;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Builds from configuration what is plain code otherwise; without keys to verify tokens with, nothing starts. */
@Singleton
class GateBeans {
    @Produces
    @Singleton
    @DefaultBean
    DevelopmentTokens developmentTokens() {
        return DevelopmentTokens.REFUSED;
    }

    @Produces
    @Singleton
    TokenVerifier verifier(VerificationKeys keys, AuthConfig config, DevelopmentTokens development) {
        var issuer = config.issuer().or(() -> config.oidcIssuer().map(URI::toString));
        return new TokenVerifier(keys, new TokenRules(config.leeway(), issuer, config.audience(), development), Instant::now);
    }

    @Produces
    @Singleton
    VerificationKeys keys(AuthConfig config, DevelopmentTokens development) {
        List<Supplier<VerificationKeys>> sources = new ArrayList<>();
        config.publicKeyLocation().ifPresent(file -> sources.add(() -> KeyFile.read(Path.of(file), development)));
        config.jwksUrl().ifPresent(url -> sources.add(() -> IssuerKeys.ofJwks(url, config.keysRefresh(), config.keysRetry())));
        config.oidcIssuer().ifPresent(issuer -> sources.add(() -> IssuerKeys.ofIssuer(issuer, config.keysRefresh(), config.keysRetry())));
        if (sources.size() != 1) {
            throw new IllegalStateException("unable to verify tokens; set exactly one of millrace.auth.public-key-location, .jwks-url and .oidc-issuer");
        }
        return sources.get(0).get();
    }

    void close(@Disposes VerificationKeys keys) throws Exception {
        if (keys instanceof AutoCloseable fetched) {
            fetched.close();
        }
    }

    @Produces
    @Singleton
    Admission admission(GateConfig config) {
        var perAddress = config.connectionsPerAddress();
        var rules = new Admission.Rules(config.allowedOrigins().orElse(List.of()), config.connectionsPerSender(), perAddress.rate(), perAddress.burst());
        return new Admission(rules, System::nanoTime);
    }
}
