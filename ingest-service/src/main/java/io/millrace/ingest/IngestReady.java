package io.millrace.ingest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says whether messages can become durable, and if not why. It does not touch liveness: a restart would not bring Kafka back. */
@Readiness
@Singleton
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
