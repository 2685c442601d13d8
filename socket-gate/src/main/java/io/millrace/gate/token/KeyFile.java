package io.millrace.gate.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jose4j.lang.JoseException;

/** Verification keys from a file, read once: PEM or JWKS (SEC-1). */
public final class KeyFile {
    private KeyFile() {
    }

    /** Fails, and says so, when the file holds a key of a development server and those are refused. */
    public static VerificationKeys read(Path file, DevelopmentTokens development) {
        try {
            String text = Files.readString(file);
            var keys = text.stripLeading().startsWith("{") ? KeyRing.ofJwks(text) : KeyRing.ofPem(text);
            if (keys.isEmpty()) {
                throw new IllegalStateException("unable to read verification keys; " + file + " holds none");
            }
            if (keys.hasForbidden(development)) {
                throw new IllegalStateException("unable to start; " + file + " holds the key of a development server (its kid begins with "
                        + DevelopmentTokens.KEY_ID_PREFIX + "), with which anyone may be anyone; use the keys of a real issuer");
            }
            return keys;
        } catch (IOException | GeneralSecurityException | JoseException | IllegalArgumentException e) {
            throw new IllegalStateException("unable to read verification keys; " + file + ": " + e.getMessage(), e);
        }
    }
}
