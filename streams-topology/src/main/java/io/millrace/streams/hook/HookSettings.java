package io.millrace.streams.hook;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The pre-sync hook (SYN-10, RUN-3); the defaults stand in {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "millrace.sync.hook")
public interface HookSettings {
    /** Where to ask. None: there is no hook, no attempt waits for one, and nothing of it runs. */
    Optional<URI> url();

    /** For one call as a whole: connecting, asking and reading the answer. */
    Duration timeout();

    /** What an attempt and its verdict may take on their way through Kafka and past the attempts before them, on top of the call. */
    Duration way();

    /** What trouble means for a message: {@code fail} or {@code allow}. */
    OnUnavailable onUnavailable();

    /** Calls at once, and connections; the next attempts wait in Kafka. Counts per pod. */
    int concurrency();

    /** How long an open circuit breaker waits before it tries one call. */
    Duration circuitDelay();

    /** The largest body of an answer that is read. */
    MemorySize maxAnswerBytes();

    /** The largest message, as JSON, that a change may make; the same limit as for messages at ingest (MSG-3). */
    MemorySize maxMessageBytes();

    /** The value of the {@code Authorization} header, such as {@code Bearer …}. Never logged. */
    Optional<String> authorization();

    /** How long the scheduler waits for a verdict; an attempt older than this is not worth a call any more. */
    default Duration verdictTimeout() {
        return timeout().plus(way());
    }

    /** The {@code url}, once all of this can be used. Credentials belong into {@link #authorization()}, as URLs get logged. */
    default Optional<URI> endpoint() {
        url().ifPresent(url -> {
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            require(http && url.getHost() != null && url.getRawUserInfo() == null, "url", "it must be an http or https URL with a host and without credentials");
            require(timeout().toMillis() > 0, "timeout", "it must be at least 1 ms");
            require(concurrency() > 0, "concurrency", "it must be at least 1");
        });
        return url();
    }

    private static void require(boolean holds, String key, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("unable to use millrace.sync.hook." + key + "; " + otherwise);
        }
    }
}
