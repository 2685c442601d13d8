package io.millrace.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Counts what became of spans. */
final class CountedExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final TracingMeters meters;

    CountedExporter(SpanExporter exporter, TracingMeters meters) {
        this.exporter = exporter;
        this.meters = meters;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int number = spans.size();
        var result = exporter.export(spans);
        return result.whenComplete(() -> (result.isSuccess() ? meters.sent : meters.failed).increment(number));
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
