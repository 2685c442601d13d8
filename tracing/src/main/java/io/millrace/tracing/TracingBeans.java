package io.millrace.tracing;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Builds what the configuration wants; while tracing is off nothing of OpenTelemetry's SDK is loaded. */
@Singleton
class TracingBeans {
    @Produces
    @Singleton
    Tracing tracing(TracingConfig config, MeterRegistry registry, @ConfigProperty(name = "quarkus.application.name", defaultValue = "millrace") String service) {
        var meters = new TracingMeters(registry);
        return config.enabled() ? ExportedTracing.start(config, service, meters) : Tracing.off();
    }

    void close(@Disposes Tracing tracing) {
        tracing.close();
    }
}
