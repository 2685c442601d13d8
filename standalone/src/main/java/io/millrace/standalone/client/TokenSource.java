package io.millrace.standalone.client;

import io.vertx.core.Future;

/** Where a client gets the token of a sender; asked before every connection, so it may renew what is about to expire. */
public interface TokenSource {

    /** Fails with {@link Unreachable} when the issuer does not answer. */
    Future<String> token(String sender);

    /** Told that the sender's token is not taken any more; true when the next one asked for may be another. */
    default boolean renew(String sender) {
        return false;
    }

    /** One token for everything, as given on the command line. */
    static TokenSource fixed(String token) {
        return sender -> Future.succeededFuture(token);
    }
}
