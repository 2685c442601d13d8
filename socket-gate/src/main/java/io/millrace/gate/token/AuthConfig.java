package io.millrace.gate.token;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How tokens are verified (SEC-1): exactly one of key file, JWKS URL and OIDC issuer must be set. */
@ConfigMapping(prefix = "millrace.auth")
public interface AuthConfig {
    /** Path of a file with public keys: PEM or JWKS as JSON. */
    Optional<String> publicKeyLocation();

    /** Where a JWKS is fetched from. */
    Optional<URI> jwksUrl();

    /** An OIDC issuer whose discovery document names its JWKS; tokens must then name it as their {@code iss}, unless {@code issuer} is set. */
    Optional<URI> oidcIssuer();

    /** How often fetched keys are fetched again. */
    Duration keysRefresh();

    /** How soon after a failure, or when a token names an unknown key. */
    Duration keysRetry();

    /** How far the issuer's clock may be off: 0 to 5 seconds. */
    Duration leeway();

    /** The only {@code iss} accepted, if set. */
    Optional<String> issuer();

    /** The {@code aud} a token must name, if set. */
    Optional<String> audience();
}
