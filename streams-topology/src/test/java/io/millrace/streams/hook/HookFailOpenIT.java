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

/** SYN-10: {@code on-unavailable=allow} lets messages go on at the first trouble, of whatever kind, and never over a refusal. */
@QuarkusTest
@TestProfile(HookFailOpenIT.FailOpen.class)
class HookFailOpenIT {
    HookScene scene;

    @Inject
    MeterRegistry meters;

    @Test
    void allowsUnchangedAfterSilence() {
        var attempt = attempt("silent", "m1", 1);
        scene.hook.script("silent", HookServer.HOLD);

        scene.attempt(attempt);

        assertThat(scene.verdict(attempt).applyTo(attempt.accepted())).isEqualTo(attempt.accepted());
    }

    @Test
    void allowsUnchangedWhereTheChangeIsInvalid() {
        var attempt = attempt("broken", "m1", 1);
        scene.hook.script("broken", asked -> Reply.json("{\"verdict\":\"allow\",\"text\":\"h***o\",\"data\":[]}"));

        scene.attempt(attempt);

        assertThat(scene.verdict(attempt).applyTo(attempt.accepted())).isEqualTo(attempt.accepted());
    }

    @Test
    void refusesWhatTheHookRefuses() {
        scene.hook.script("refusing", asked -> new Reply(403, ""));

        var tries = new AtomicInteger();
        await("an attempt that the hook was asked about").atMost(HookScene.PATIENCE).until(() -> {
            var attempt = attempt("refusing", "m" + tries.incrementAndGet(), 1);
            scene.attempt(attempt);
            var failure = scene.verdict(attempt).failure();
            return failure != null && failure.code() == ErrorCode.REFUSED;
        });
    }

    @Test
    void allowsOnA5xxAndWhileTheCircuitIsOpen() {
        scene.hook.script("down", asked -> new Reply(500, ""));

        scene.attempts("down", 200);

        assertThat(scene.verdicts("down", found -> found.size() == 200)).allMatch(HookVerdict::allows);
        assertThat(scene.hook.questions("down")).hasSizeLessThan(200);
        assertThat(meters.get("millrace.hook.verdicts").tag("verdict", "unchecked").counter().count()).isGreaterThanOrEqualTo(200);
    }

    public static class FailOpen extends HookTestResource.Profile {
        @Override
        Map<String, String> settings() {
            return Map.of("millrace.sync.hook.timeout", "2s", "millrace.sync.hook.way", "1m", "millrace.sync.hook.concurrency", "8", "millrace.sync.hook.on-unavailable", "allow");
        }
    }
}
