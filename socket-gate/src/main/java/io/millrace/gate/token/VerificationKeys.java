package io.millrace.gate.token;

import java.security.Key;
import java.util.List;

/**
 * Where the keys come from that tokens are verified with (SEC-1). An answer comes from memory, on an event loop: a source that
 * fetches its keys refreshes them on threads of its own.
 */
public interface VerificationKeys {
    /** The keys that may have signed a token whose header names {@code keyId} (null: it names none). */
    List<Key> candidates(String keyId);

    /** False until keys were fetched for the first time: no token can be judged yet. */
    default boolean areKnown() {
        return true;
    }
}
