package io.millrace.streams.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down only when an application is dead for good, so that a restart of the process can help; Kafka being away is no reason. */
@Liveness
@ApplicationScoped
class StreamsLiveness implements HealthCheck {
    private final StreamsShell shell;

    StreamsLiveness(StreamsShell shell) {
        this.shell = shell;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("streams applications alive").up();
        for (var runner : shell.runners()) {
            if (runner.condition() instanceof Condition.Dead dead) {
                response.down().withData(runner.name(), dead.reason());
            }
        }
        return response.build();
    }
}
