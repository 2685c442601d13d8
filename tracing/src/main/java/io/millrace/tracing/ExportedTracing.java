package io.millrace.tracing;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tracing with OpenTelemetry's SDK, set up by its own {@code OTEL_*} variables; ours are only the defaults. */
final class ExportedTracing {
    private static final int SECONDS_TO_FLUSH = 3;

    private ExportedTracing() {
    }

    static Tracing start(TracingConfig config, String service, TracingMeters meters) {
        var ids = new StepIds();
        var sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> Map.of(
                        "otel.service.name", service,
                        "otel.traces.exporter", "otlp",
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none", // Prometheus reads ours
                        "otel.logs.exporter", "none",
                        "otel.traces.sampler", "parentbased_always_on")) // what is not to be traced never comes so far
                .addTracerProviderCustomizer((provider, properties) -> provider.setIdGenerator(ids))
                .addSpanExporterCustomizer((exporter, properties) -> new CountedExporter(exporter, meters))
                .disableShutdownHook()
                .build().getOpenTelemetrySdk();
        return new OtelTracing(sdk.getTracer("io.millrace"), ids, config.ratio(), config.followClients(), meters.spans, () -> end(sdk));
    }

    private static void end(OpenTelemetrySdk sdk) {
        sdk.getSdkTracerProvider().shutdown().join(SECONDS_TO_FLUSH, TimeUnit.SECONDS);
    }
}
