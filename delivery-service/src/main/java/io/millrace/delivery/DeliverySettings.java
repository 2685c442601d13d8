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

    LogScanSettings logScan();

    Signals signals();

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

    /** How the room log is read again while the history view does not answer (DEL-7). */
    interface LogScanSettings {
        /** Of a partition, for a question at a time. */
        MemorySize bytes();

        /** In how many offsets behind its place, and below the end of the log, what a returning client misses first is looked for. */
        long reach();

        /** Questions that may wait; more are refused. */
        int waiting();
    }

    /** What else happens in a room (ROOM-1..5). */
    interface Signals {
        /** What one sender may say per second, over all its connections to a pod, and at once. */
        int rate();

        int burst();

        /** A client that types says so this often (ROOM-2). */
        Duration typingInterval();

        /** How late it may be before it types no more. */
        Duration typingGrace();

        /** How often a pod says that it lives; never rarer than four times per recovery window. */
        Duration heartbeat();

        /** Changes of a room are told at most this often. */
        Duration pace();

        /** Its occupancy is told, and this pod's share of it said, at most this often (ROOM-4). */
        Duration occupancyPace();

        /** Members of a room its clients are told of, those that came first. */
        int membersTold();

        /** Names in a {@code typing} frame. */
        int typingTold();

        /** Room reactions told per room and second. */
        int reactionsPerSecond();

        /** Presence records known per partition. */
        int kept();

        /** Read positions known per partition. */
        int positions();

        /** Signals that wait for Kafka; more are refused. */
        int unwritten();

        /** How long Kafka may take to keep one. */
        Duration writeTimeout();
    }
}
