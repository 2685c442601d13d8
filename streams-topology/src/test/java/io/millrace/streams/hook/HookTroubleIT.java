package io.millrace.streams.hook;

import static io.millrace.streams.hook.HookFixtures.attempt;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.HookVerdict;
import io.millrace.streams.hook.HookServer.Reply;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** SYN-10, RUN-4: a hook that is slow or down, fail closed: silence is trouble, the circuit breaker opens and closes again. */
@QuarkusTest
@TestProfile(HookTroubleIT.FailClosed.class)
class HookTroubleIT {
    private static final int CALLS = 200;

    HookScene scene;

    @Inject
    MeterRegistry meters;

    @Test
    void takesSilenceAsTroubleAndLetsGoOfTheCall() {
        var attempt = attempt("silent", "m1", 1);
        scene.hook.script("silent", HookServer.HOLD);

        scene.attempt(attempt);

        var failure = scene.verdict(attempt).failure();
        assertThat(failure.code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).isEqualTo("unable to ask the hook; it did not answer within 5000 ms");
        await().atMost(HookScene.PATIENCE).until(() -> scene.hook.holding() == 0);
    }

    @Test
    void opensTheCircuitAndClosesItWhenTheHookIsBack() {
        scene.hook.script("failing", asked -> new Reply(503, ""));
        scene.attempts("failing", CALLS);

        var verdicts = scene.verdicts("failing", found -> found.size() == CALLS);
        assertThat(verdicts).extracting(verdict -> verdict.failure().code()).containsOnly(ErrorCode.HOOK_UNAVAILABLE);
        long notCalled = verdicts.stream().filter(verdict -> verdict.failure().message().contains("left alone")).count();
        assertThat(notCalled).isPositive();
        assertThat(scene.hook.questions("failing")).hasSize(CALLS - (int) notCalled).hasSizeGreaterThanOrEqualTo(HookCircuit.CALLS / 2);
        assertThat(meters.get("millrace.hook.trouble").tag("kind", "circuit_open").counter().count()).isEqualTo(notCalled);

        scene.hook.script("failing", HookServer.ALLOW);
        var tries = new AtomicInteger();
        await().atMost(HookScene.PATIENCE).until(() -> {
            var next = attempt("failing", "back" + tries.incrementAndGet(), 1);
            scene.attempt(next);
            return scene.verdict(next).allows();
        });
        await().until(() -> meters.get("millrace.hook.circuit.open").gauge().value() == 0);
        scene.attempt(attempt("failing", "closed", 1));
        assertThat(scene.verdict(attempt("failing", "closed", 1))).matches(HookVerdict::allows);
    }

    public static class FailClosed extends HookTestResource.Profile {
        @Override
        Map<String, String> settings() {
            return Map.of("millrace.sync.hook.timeout", "5s", "millrace.sync.hook.way", "1m", "millrace.sync.hook.concurrency", "8", "millrace.sync.hook.circuit-delay", "500ms");
        }
    }
}
