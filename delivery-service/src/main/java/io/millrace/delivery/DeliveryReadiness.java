package io.millrace.delivery;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the room log and the history view can be read; says why when not. */
@Readiness
@ApplicationScoped
public class DeliveryReadiness implements AsyncHealthCheck {
    private static final String PROBE = "readiness";

    private final Delivery delivery;

    @Inject
    DeliveryReadiness(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        var answer = HealthCheckResponse.named("delivery");
        var trouble = delivery.topicTrouble();
        answer.withData("topics", trouble.orElse("ok")).withData("signals", delivery.signalTrouble().orElse("ok"));
        return Uni.createFrom().completionStage(() -> delivery.history().head(PROBE, 0))
                .map(head -> answer.status(trouble.isEmpty()).withData("history", "ok").build())
                .onFailure().recoverWithItem(failure -> answer.down().withData("history", String.valueOf(failure.getMessage())).build());
    }
}
