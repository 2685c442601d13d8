package io.millrace.gate.token;

import java.util.Locale;
import java.util.Optional;

/** What a token may allow in a room (SEC-1), spelled in lower case in the claim {@code rooms}. */
public enum Right {
    PUBLISH, SUBSCRIBE, HISTORY, PRESENCE, MODERATE;

    /** Empty for a right this version does not know: it grants nothing, and newer issuers may name it. */
    static Optional<Right> named(String name) {
        for (Right right : values()) {
            if (right.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(right);
            }
        }
        return Optional.empty();
    }
}
