package io.millrace.streams.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings {@code millrace.streams.*} that all applications share. */
@ConfigMapping(prefix = "millrace.streams")
public interface StreamsSettings {
    /** Before each application's name: their consumer groups, changelogs and transactional ids begin with it. */
    String applicationPrefix();

    Path stateDir();

    /**
     * Names this instance across restarts (static membership): after a kill -9 it takes its tasks back at once, and a stop does not
     * hand them on before the session times out. Without it a stop hands them on at once, and a crash costs a session timeout.
     */
    Optional<String> instanceId();

    /** Copies of each state on other instances, as far as there are others. */
    int standbys();

    /** Stream threads of each application, by its name; {@link #defaultThreads} where none is given. */
    Map<String, Integer> threads();

    int defaultThreads();

    Duration sessionTimeout();

    /** How long a stop may take before it is left to the brokers. */
    Duration closeTimeout();

    /** Threads replaced after an exception within {@link #replacementWindow}; one more and the application is dead. */
    int maxReplacements();

    Duration replacementWindow();

    /** Pause between two looks for brokers and topics while an application waits for them. */
    Duration topicsRetry();

    /** Block cache and write buffers of all stores of this process together. */
    MemorySize rocksdbMemory();
}
