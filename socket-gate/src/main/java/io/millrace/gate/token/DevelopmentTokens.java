package io.millrace.gate.token;

/**
 * Whether tokens of a development server are good here. Whoever reaches such a server may be anyone, so only the program that makes them
 * accepts them, by code of its own: no setting turns this on (SEC-1, RUN-2). Their mark is the id of their key and their {@code iss}.
 */
public enum DevelopmentTokens {
    ACCEPTED, REFUSED;

    public static final String ISSUER = "millrace-dev";
    public static final String KEY_ID_PREFIX = ISSUER + "-";

    boolean forbidKey(String keyId) {
        return this == REFUSED && keyId != null && keyId.startsWith(KEY_ID_PREFIX);
    }

    boolean forbidIssuer(String issuer) {
        return this == REFUSED && ISSUER.equals(issuer);
    }
}
