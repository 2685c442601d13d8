package io.millrace.delivery;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.time.Duration;

/** The settings of delivery (RUN-3); the defaults stand in {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "millrace.delivery")
public interface DeliverySettings {
    /** Missed entries younger than this are replayed (CON-2). */
    Duration recoveryWindow();

    /** At most so many entries are replayed (CON-2). */
    long replayLimit();

    /** What may wait for one client (DEL-7). */
    MemorySize outboundBuffer();

    Duration pingInterval();

    /** The largest frame a client may send. */
    MemorySize maxFrame();

    /** Rooms one connection may subscribe to (SEC-3). */
    int roomsPerConnection();

    /** Unanswered requests of one connection, after which it is not read. */
    int requestsInFlight();

    /** How long a new connection may wait for its {@code hello}. */
    Duration helloTimeout();

    /** Recent entries kept per partition. */
    MemorySize tail();

    /** Records taken from Kafka and not worked off yet, per partition. */
    MemorySize backlog();

    /** Partitions nobody reads are released after this. */
    Duration releaseAfter();

    /** After trouble the pod looks again, and clients are told to, after this. */
    Duration retryAfter();

    /** How long Kafka may take to say how a log stands. */
    Duration kafkaTimeout();

    /** How often the topics and the history view are looked at. */
    Duration checkInterval();

    HistorySettings history();

    /** Where the history view is; {@code millrace.delivery.history-url}. */
    @WithName("history-url")
    URI historyUrl();

    /** How the history view is asked. */
    interface HistorySettings {
        Duration timeout();

        /** Requests at a time. */
        int connections();

        /** Requests that may wait for a connection; more are refused. */
        int waiting();

        /** Entries read at a time. */
        int pageEntries();

        /** A page for a client is cut when it holds this much. */
        MemorySize pageBytes();
    }
}
