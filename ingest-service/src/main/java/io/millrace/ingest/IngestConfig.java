package io.millrace.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** The settings {@code millrace.ingest.*} (RUN-3); defaults stand in {@code META-INF/microprofile-config.properties}. Rates count per pod. */
@ConfigMapping(prefix = "millrace.ingest")
interface IngestConfig {
    /** The largest frame or HTTP body (MSG-3). */
    MemorySize maxMessageBytes();

    /** Unanswered messages per connection; beyond that it is not read (ING-5). */
    int inFlight();

    /** Messages per sender and second, lasting (SEC-3). */
    int rate();

    /** Messages a sender may send at once (SEC-3). */
    int burst();

    /** How long a message may wait to become durable before it is answered {@code UNAVAILABLE} (ING-6). */
    Duration produceDeadline();

    /** Bytes of all messages not yet durable; beyond that connections that bring more are not read (ING-6). */
    MemorySize unwritten();

    /** What a client is told to wait after {@code UNAVAILABLE}. */
    Duration retryAfter();

    /** How often the lane topics are looked at: whether Kafka answers and the partitions are as configured (TOP-3). */
    Duration topicsCheck();

    /** Unsent answers of one connection; beyond that it is not read. */
    MemorySize outboundBuffer();

    Duration pingInterval();
}
