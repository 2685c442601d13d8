package io.millrace.streams.hook;

import io.millrace.contract.record.HookAttempt;
import io.millrace.tracing.TraceContext;
import io.millrace.streams.hook.HookAnswer.Trouble;
import io.millrace.streams.hook.HookAnswer.Trouble.Kind;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Asks the endpoint as long as that makes sense (RUN-4): when half of the last {@value #CALLS} calls ended in trouble it answers
 * trouble at once for a while, then tries one call. The one boundary where a defect of the worker becomes trouble too.
 */
final class HookCircuit {
    static final int CALLS = 40;
    private static final double FAILED = 0.5;

    private final HookEndpoint endpoint;
    private final Duration delay;
    private final HookMetrics metrics;
    private final HookLog log;
    private final TypedGuard<Uni<HookAnswer>> guard;

    HookCircuit(HookEndpoint endpoint, Duration delay, HookMetrics metrics, HookLog log) {
        this.endpoint = endpoint;
        this.delay = delay;
        this.metrics = metrics;
        this.log = log;
        guard = TypedGuard.create(new TypeLiteral<Uni<HookAnswer>>() { })
                .withDescription("millrace-hook")
                .withCircuitBreaker().requestVolumeThreshold(CALLS).failureRatio(FAILED).delay(delay.toMillis(), ChronoUnit.MILLIS)
                .failOn(HookTrouble.class).onStateChange(this::changed).done()
                .build();
    }

    /** Always an answer, never a failure. */
    Uni<HookAnswer> ask(HookAttempt attempt, TraceContext trace) {
        return guard.get(() -> call(attempt, trace))
                .onFailure().recoverWithItem(failure -> told(classify(failure)));
    }

    /** The answer to an attempt that nobody waits for any more: calls for it would only make the next ones late too. */
    Uni<HookAnswer> tooLate() {
        return Uni.createFrom().item(told(new Trouble(Kind.LATE, "its turn came too late")));
    }

    private Uni<HookAnswer> call(HookAttempt attempt, TraceContext trace) {
        return Uni.createFrom().deferred(() -> {
            var call = metrics.called();
            return Uni.createFrom().completionStage(endpoint.ask(attempt, trace).toCompletionStage())
                    .onItemOrFailure().invoke((answer, failure) -> metrics.ended(call, failure == null));
        });
    }

    private HookAnswer told(Trouble trouble) {
        metrics.trouble(trouble.kind());
        log.trouble(trouble);
        return trouble;
    }

    private Trouble classify(Throwable failure) {
        if (failure instanceof HookTrouble hook) {
            return hook.trouble();
        }
        if (failure instanceof CircuitBreakerOpenException) {
            return new Trouble(Kind.CIRCUIT_OPEN, "it failed too often and is left alone for a while");
        }
        log.defect(failure);
        return new Trouble(Kind.DEFECT, "the worker failed");
    }

    /** Half open counts as open, so that an outage is told once, not at every try. */
    private void changed(CircuitBreakerState state) {
        boolean open = state != CircuitBreakerState.CLOSED;
        if (metrics.circuitTurns(open)) {
            if (open) {
                log.leftAlone(delay);
            } else {
                log.askedAgain();
            }
        }
    }
}
