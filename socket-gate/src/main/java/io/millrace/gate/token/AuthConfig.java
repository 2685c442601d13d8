package io.millrace.gate.token;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** How tokens are verified (SEC-1). */
@ConfigMapping(prefix = "millrace.auth")
public interface AuthConfig {
    /** Path of a file with public keys: PEM or JWKS as JSON. */
    Optional<String> publicKeyLocation();

    /** How far the issuer's clock may be off: 0 to 5 seconds. */
    Duration leeway();

    /** The only {@code iss} accepted, if set. */
    Optional<String> issuer();

    /** The {@code aud} a token must name, if set. */
    Optional<String> audience();
}
