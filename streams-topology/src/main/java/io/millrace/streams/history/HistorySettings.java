package io.millrace.streams.history;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** The settings {@code millrace.history.*} of the history view and of the internal HTTP interface that asks it. */
@ConfigMapping(prefix = "millrace.history")
public interface HistorySettings {
    /** The address the internal interface listens on; never the public one. */
    String host();

    /** 0 takes any free port. */
    int port();

    /** The host under which other pods reach this one's internal interface. */
    String advertisedHost();

    /** Threads that read the store for answers. */
    int queryThreads();

    /** Requests in work or waiting at once; more are answered 503. */
    int maxRequests();

    /** How long a request waits for the view to come as far as it asks for; then 503. */
    Duration waitLimit();

    /** A page ends early once its entries are this large together; one entry always fits. */
    MemorySize pageBytes();

    Duration pruneInterval();

    /** Entries dropped per partition and interval, at most. */
    int pruneBatch();

    Duration commitInterval();
}
