package io.millrace.gate;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What both sockets share (SEC-3); the defaults stand in {@code META-INF/microprofile-config.properties}. Limits count per pod. */
@ConfigMapping(prefix = "millrace.gate")
interface GateConfig {
    /** Origins browsers may connect from, such as {@code https://chat.example.com}; none: the page's own host only; {@code *}: any. */
    Optional<List<String>> allowedOrigins();

    /** The largest WebSocket message, joined frames and all, in both directions (ING-7). */
    MemorySize maxMessage();

    /** Live connections of one sender on one socket. */
    int connectionsPerSender();

    ConnectionRate connectionsPerAddress();

    Unserved unserved();

    /** Over how long goodbyes are spread on shutdown, and after which the last sockets are closed as they are (DEL-9). */
    Duration drainTime();

    /** Connections on which nobody is being served. */
    interface Unserved {
        /** How many there may be, kept-alive ones among them; the oldest goes for a new one. */
        int limit();

        /** From the connection to the end of its first request's head. */
        Duration patience();
    }

    /** New connections of one address. */
    interface ConnectionRate {
        /** Per second, lasting. */
        int rate();

        int burst();
    }
}
