package io.millrace.streams.history;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;

/** The settings tests use: a free port on loopback, everything else as by default unless said otherwise. */
public record TestHistorySettings(int maxRequests, Duration waitLimit, MemorySize pageBytes, int pruneBatch) implements HistorySettings {
    public TestHistorySettings() {
        this(1000, Duration.ofMinutes(1), new MemorySize(BigInteger.valueOf(4 << 20)), 2000);
    }

    public TestHistorySettings withPruneBatch(int batch) {
        return new TestHistorySettings(maxRequests, waitLimit, pageBytes, batch);
    }

    public TestHistorySettings withMaxRequests(int most) {
        return new TestHistorySettings(most, waitLimit, pageBytes, pruneBatch);
    }

    public TestHistorySettings withWaitLimit(Duration limit) {
        return new TestHistorySettings(maxRequests, limit, pageBytes, pruneBatch);
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public String advertisedHost() {
        return "127.0.0.1";
    }

    @Override
    public int queryThreads() {
        return 2;
    }

    @Override
    public Duration pruneInterval() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration commitInterval() {
        return Duration.ofSeconds(1);
    }
}
