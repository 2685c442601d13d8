package io.millrace.ingest.attachment;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Attachments (ING-9); the defaults stand in {@code META-INF/microprofile-config.properties}. Limits without another word count per pod. */
@ConfigMapping(prefix = "millrace.attachments")
public interface AttachmentConfig {
    Store store();

    /** Of the store {@code directory}; several pods share one. */
    Path directory();

    /** Of the store {@code s3}. */
    S3 s3();

    MemorySize maxBytes();

    /** Such as {@code image/*} or {@code application/pdf}. */
    List<String> contentTypes();

    /** From the announcement to the last byte; the scheduler waits as long from a message's acceptance (SYN-4). */
    Duration uploadDeadline();

    /** Announced and not complete, in the whole store; announcements at the same moment may exceed it. */
    int unfinishedPerSender();

    /** Requests for attachments being answered at once. */
    int requests();

    /** Threads that wait for the store. */
    int workers();

    /** How long a peer may send or take nothing while bytes are due. */
    Duration idleTimeout();

    /** How long the answer waits for Kafka to keep the outcome. */
    Duration outcomeTimeout();

    /** Complete attachments older than this are removed. */
    Duration retention();

    SweepConfig sweep();

    /** Where clients reach this service, if not under the host they sent; such as {@code https://chat.example.com}. */
    Optional<String> publicUrl();

    /** Signs upload addresses of the store {@code directory}, at least 32 characters; none: a secret kept in the directory. */
    Optional<String> signingKey();

    enum Store {
        DIRECTORY, S3
    }

    /** How upkeep goes about. */
    interface SweepConfig {
        Duration interval();

        /** How many unfinished uploads and how many attachments are looked at each time. */
        int limit();
    }

    /** An S3-compatible store; without keys the SDK's own chain of credentials counts. */
    interface S3 {
        Optional<String> bucket();

        /** Begins every key, such as {@code attachments/}. */
        Optional<String> prefix();

        String region();

        /** None: AWS itself. */
        Optional<URI> endpoint();

        /** The endpoint as clients see it, where it is another one. */
        Optional<URI> publicEndpoint();

        @WithName("path-style")
        boolean pathStyle();

        Optional<String> accessKey();

        Optional<String> secretKey();

        Duration timeout();
    }
}
