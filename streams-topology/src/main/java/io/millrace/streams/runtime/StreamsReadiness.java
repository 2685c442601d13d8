package io.millrace.streams.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while every application runs; else down, and why for each that does not. */
@Readiness
@ApplicationScoped
class StreamsReadiness implements HealthCheck {
    private final StreamsShell shell;

    StreamsReadiness(StreamsShell shell) {
        this.shell = shell;
    }

    @Override
    public HealthCheckResponse call() {
        var runners = shell.runners();
        var response = HealthCheckResponse.named("streams applications running").status(!runners.isEmpty());
        for (var runner : runners) {
            var reason = runner.condition().reason();
            if (reason != null) {
                response.down().withData(runner.name(), reason);
            }
        }
        return response.build();
    }
}
