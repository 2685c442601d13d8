package io.millrace.streams.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings tests use; everything that is not named here is as by default. */
record TestStreamsSettings(Path stateDir, Optional<String> instanceId, Duration sessionTimeout, int maxReplacements) implements StreamsSettings {
    TestStreamsSettings(Path stateDir) {
        this(stateDir, Optional.empty(), Duration.ofSeconds(10), 5);
    }

    @Override
    public String applicationPrefix() {
        return "test-";
    }

    @Override
    public int standbys() {
        return 1;
    }

    @Override
    public Map<String, Integer> threads() {
        return Map.of();
    }

    @Override
    public int defaultThreads() {
        return 1;
    }

    @Override
    public Duration closeTimeout() {
        return Duration.ofSeconds(60);
    }

    @Override
    public Duration replacementWindow() {
        return Duration.ofMinutes(5);
    }

    @Override
    public Duration topicsRetry() {
        return Duration.ofMillis(200);
    }

    @Override
    public MemorySize rocksdbMemory() {
        return new MemorySize(BigInteger.valueOf(32 << 20));
    }
}
