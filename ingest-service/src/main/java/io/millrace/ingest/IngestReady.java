package io.millrace.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says whether messages can become durable, and if not why. It does not touch liveness: a restart would not bring Kafka back. */
@Readiness
@ApplicationScoped
class IngestReady implements HealthCheck {
    private final LaneTopics topics;

    @Inject
    IngestReady(LaneTopics topics) {
        this.topics = topics;
    }

    @Override
    public HealthCheckResponse call() {
        String trouble = topics.trouble();
        var response = HealthCheckResponse.named("ingest").status(trouble == null);
        return trouble == null ? response.build() : response.withData("reason", trouble).build();
    }
}
