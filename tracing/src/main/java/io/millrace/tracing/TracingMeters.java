package io.millrace.tracing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What tracing counts: {@code spans} = {@code exported} (sent and failed) + those that wait + those the exporter's queue had no room for. */
final class TracingMeters {
    final Counter spans;
    final Counter sent;
    final Counter failed;

    TracingMeters(MeterRegistry registry) {
        spans = registry.counter("millrace.tracing.spans");
        sent = registry.counter("millrace.tracing.exported", "outcome", "sent");
        failed = registry.counter("millrace.tracing.exported", "outcome", "failed");
    }
}
