package io.millrace.delivery;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the room log can be read and the history view has answered once; when that is away later, rooms are served without it (DEL-7), and no
 * other pod could ask it either. Says what is wrong in any case.
 */
@Readiness
@ApplicationScoped
public class DeliveryReadiness implements AsyncHealthCheck {
    private static final String PROBE = "readiness";

    private final Delivery delivery;
    private volatile boolean historySeen;

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
                .invoke(head -> historySeen = true)
                .map(head -> "ok")
                .onFailure().recoverWithItem(failure -> String.valueOf(failure.getMessage()))
                .map(history -> answer.status(trouble.isEmpty() && historySeen).withData("history", history).build());
    }
}
