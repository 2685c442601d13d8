package io.millrace.streams.hook;

import static io.millrace.streams.hook.HookFixtures.attempt;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.HookVerdict;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.hook.HookServer.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** SYN-10, RUN-4: a hook that works, with a real broker and a real HTTP server; attempts go in as the lane scheduler writes them. */
@QuarkusTest
@TestProfile(HookIT.Patient.class)
class HookIT {
    private static final int CONCURRENCY = 8;

    HookScene scene;

    @Inject
    MeterRegistry meters;

    @TestHTTPResource("/q/health/live")
    URL liveness;

    @Test
    void allowsAndSaysWhatWasAsked() {
        var attempt = attempt("allowing", "m1", 1);

        scene.attempt(attempt);

        assertThat(scene.verdict(attempt).allows()).isTrue();
        assertThat(scene.hook.questions("allowing")).singleElement().satisfies(asked -> {
            assertThat(asked.path("text").textValue()).isEqualTo("hello");
            assertThat(asked.path("attempt").intValue()).isEqualTo(1);
        });
        assertThat(scene.hook.authorizations()).contains("Bearer s3cret");
    }

    @Test
    void refusesWithTheHooksCode() {
        var attempt = attempt("refusing", "m1", 1);
        scene.hook.script("refusing", asked -> Reply.json("{\"verdict\":\"refuse\",\"code\":\"SPAM\",\"message\":\"no links\"}"));

        scene.attempt(attempt);

        var failure = scene.verdict(attempt).failure();
        assertThat(failure.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(failure.reason()).isEqualTo("SPAM");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void changesTextAndMetadata() {
        var attempt = attempt("changing", "m1", 1);
        scene.hook.script("changing", asked -> Reply.json("{\"verdict\":\"allow\",\"text\":\"h***o\",\"metadata\":{\"checked\":true}}"));

        scene.attempt(attempt);

        var message = scene.verdict(attempt).applyTo(attempt.accepted()).message();
        assertThat(message.text()).isEqualTo("h***o");
        assertThat(message.metadata()).hasToString("{\"checked\":true}");
    }

    @Test
    void isUnavailableOnA500AndAllowsTheNextAttempt() {
        var calls = new AtomicInteger();
        scene.hook.script("stumbling", asked -> calls.incrementAndGet() == 1 ? new Reply(500, "oops") : HookServer.ALLOW.apply(asked));

        scene.attempt(attempt("stumbling", "m1", 1));
        var first = scene.verdict(attempt("stumbling", "m1", 1));
        scene.attempt(attempt("stumbling", "m1", 2));

        assertThat(first.failure().code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE);
        assertThat(first.failure().retryable()).isTrue();
        assertThat(scene.verdict(attempt("stumbling", "m1", 2)).allows()).isTrue();
    }

    @Test
    void takesAnAnswerLargerThanTheLimitAsTrouble() {
        var attempt = attempt("verbose", "m1", 1);
        scene.hook.script("verbose", asked -> Reply.json("{\"verdict\":\"allow\",\"said\":\"" + "x".repeat(64 * 1024) + "\"}"));

        scene.attempt(attempt);

        assertThat(scene.verdict(attempt).failure().message()).isEqualTo("unable to ask the hook; its answer is larger than 65536 bytes");
        assertThat(meters.get("millrace.hook.trouble").tag("kind", "oversized").counter().count()).isEqualTo(1);
    }

    @Test
    void repeatsTheVerdictOfARepeatedAttempt() {
        var attempt = attempt("repeating", "m1", 1);

        scene.attempt(attempt);
        scene.attempt(attempt);

        assertThat(scene.verdicts("repeating", found -> found.size() == 2)).allMatch(HookVerdict::allows).allMatch(verdict -> verdict.attempt() == 1);
    }

    @Test
    void skipsWhatItCannotReadAndGoesOn() {
        double before = undecodable();
        scene.write("ana", "{\"attempt\":1}".getBytes());
        scene.write("ana", null);
        scene.attempt(attempt("after-rubbish", "m1", 1));

        assertThat(scene.verdict(attempt("after-rubbish", "m1", 1)).allows()).isTrue();
        await().atMost(HookScene.PATIENCE).until(() -> undecodable() == before + 2);
    }

    @Test
    void keysVerdictsBySenderAndNamesTheEvent() {
        scene.attempt(attempt("described", "m1", 1));
        scene.verdict(attempt("described", "m1", 1));

        var record = scene.records().stream().filter(found -> new String(found.value()).contains("described")).findFirst().orElseThrow();
        assertThat(record.key()).isEqualTo("ana");
        assertThat(record.partition()).isEqualTo(Topics.partition("ana", HookScene.TOPICS.hookVerdicts().partitions()));
        assertThat(new String(record.headers().lastHeader("ce_type").value())).isEqualTo("io.millrace.hook.verdict");
        assertThat(new String(record.headers().lastHeader("ce_id").value())).isEqualTo("ana/described/m1/1");
    }

    @Test
    void callsForNoAttemptThatItsSchedulerHasGivenUp() {
        var attempt = attempt("late", "m1", 1);
        long anHourAgo = System.currentTimeMillis() - 3_600_000;

        scene.write(new ProducerRecord<>(HookScene.TOPICS.hookAttempts().name(), null, anHourAgo, "ana", HookScene.TOPICS.hookAttempts().encode(attempt)));

        assertThat(scene.verdict(attempt).failure().code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE);
        assertThat(scene.hook.questions("late")).isEmpty();
    }

    @Test
    void passesTheTraceContextToTheHookAndOn() {
        var attempt = attempt("traced", "m1", 1);
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var record = new ProducerRecord<>(HookScene.TOPICS.hookAttempts().name(), "ana", HookScene.TOPICS.hookAttempts().encode(attempt));
        record.headers().add("traceparent", trace.getBytes());

        scene.write(record);

        scene.verdict(attempt);
        assertThat(scene.hook.traces()).contains(trace);
        assertThat(scene.records()).anySatisfy(found -> {
            assertThat(new String(found.value())).contains("traced");
            assertThat(new String(found.headers().lastHeader("traceparent").value())).isEqualTo(trace);
        });
    }

    @Test
    void neverCallsMoreAtOnceThanConfiguredWhileHundredsWait() {
        scene.hook.script("crowded", HookServer.HOLD);
        scene.attempts("crowded", 300);
        await().atMost(HookScene.PATIENCE).until(() -> scene.hook.holding() == CONCURRENCY);
        assertThat(meters.get("millrace.hook.calls.in.flight").gauge().value()).isEqualTo(CONCURRENCY);
        await().until(() -> meters.get("millrace.hook.saturated").counter().count() > 0);

        scene.verdicts("crowded", found -> {
            scene.hook.release(HookServer.ALLOW.apply(null));
            return found.stream().map(HookVerdict::id).distinct().count() == 300;
        });

        assertThat(scene.hook.peak()).isEqualTo(CONCURRENCY);
    }

    @Test
    void keepsItsVerdictsWhileKafkaIsAwayAndStaysAlive() throws Exception {
        scene.hook.script("cut-off", HookServer.HOLD);
        scene.attempts("cut-off", 20);
        await().atMost(HookScene.PATIENCE).until(() -> scene.hook.holding() == CONCURRENCY);

        long answered = answered();
        scene.stopKafka();
        scene.hook.script("cut-off", HookServer.ALLOW);
        scene.hook.release(HookServer.ALLOW.apply(null));
        await().atMost(HookScene.PATIENCE).until(() -> answered() >= answered + CONCURRENCY);
        int alive = HttpClient.newHttpClient().send(HttpRequest.newBuilder(liveness.toURI()).build(), BodyHandlers.discarding()).statusCode();
        scene.startKafka();

        assertThat(alive).isEqualTo(200);
        var verdicts = scene.verdicts("cut-off", found -> found.stream().map(HookVerdict::id).distinct().count() == 20);
        assertThat(verdicts).allMatch(HookVerdict::allows);
    }

    private long answered() {
        return meters.timer("millrace.hook.calls", "outcome", "answered").count();
    }

    private double undecodable() {
        var counter = meters.find("millrace.hook.undecodable").counter();
        return counter == null ? 0 : counter.count();
    }

    public static class Patient extends HookTestResource.Profile {
        @Override
        Map<String, String> settings() {
            return Map.of("millrace.sync.hook.timeout", "60s", "millrace.sync.hook.concurrency", Integer.toString(CONCURRENCY),
                    "millrace.sync.hook.authorization", "Bearer s3cret");
        }
    }
}
