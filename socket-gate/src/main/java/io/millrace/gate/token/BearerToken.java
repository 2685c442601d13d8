package io.millrace.gate.token;

import io.millrace.gate.token.RefusedToken;
import io.vertx.core.MultiMap;

/** Finds the token of a request: header {@code Authorization: Bearer}, for upgrades also subprotocol {@code bearer.<jwt>} (SEC-1). Never the URL. */
public final class BearerToken {
    public static final String PROTOCOL = "millrace.v1";
    private static final String SCHEME = "Bearer ";
    private static final String PROTOCOL_PREFIX = "bearer.";

    private BearerToken() {
    }

    public static String ofRequest(MultiMap headers) throws RefusedToken {
        String authorization = headers.get("Authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedToken("there is none");
        }
        return authorization.substring(SCHEME.length()).strip();
    }

    public static String ofUpgrade(MultiMap headers) throws RefusedToken {
        for (String offered : headers.getAll("Sec-WebSocket-Protocol")) {
            for (String protocol : offered.split(",")) {
                if (protocol.strip().startsWith(PROTOCOL_PREFIX)) {
                    return protocol.strip().substring(PROTOCOL_PREFIX.length());
                }
            }
        }
        return ofRequest(headers);
    }
}
