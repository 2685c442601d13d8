package io.millrace.tracing;

import io.smallrye.config.ConfigMapping;

/** The settings {@code millrace.tracing.*}; where spans go, and all else about them, the usual {@code OTEL_*} variables say. */
@ConfigMapping(prefix = "millrace.tracing")
interface TracingConfig {
    boolean enabled();

    /** The part of the messages without a client's trace context that are traced: 0 to 1. */
    double ratio();

    /** Whether a client's trace context is followed, and its sampling decision with it. */
    boolean followClients();
}
