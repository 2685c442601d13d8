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

    public static VerificationKeys read(Path file) {
        try {
            String text = Files.readString(file);
            var keys = text.stripLeading().startsWith("{") ? KeyRing.ofJwks(text) : KeyRing.ofPem(text);
            if (keys.isEmpty()) {
                throw new IllegalStateException("unable to read verification keys; " + file + " holds none");
            }
            return keys;
        } catch (IOException | GeneralSecurityException | JoseException | IllegalArgumentException e) {
            throw new IllegalStateException("unable to read verification keys; " + file + ": " + e.getMessage(), e);
        }
    }
}
