package io.millrace.streams.hook;

import static io.millrace.streams.hook.HookFixtures.attempt;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SYN-10: without a configured hook nothing of the worker runs. */
@QuarkusTest
@TestProfile(NoHookIT.Unconfigured.class)
class NoHookIT {
    HookScene scene;

    @Inject
    MeterRegistry meters;

    @Inject
    KafkaClientService clients;

    @Test
    void makesNoClientAndCountsNothing() throws Exception {
        scene.attempt(attempt("lobby", "m1", 1));

        assertThat(clients.getConsumer("hook-attempts").unwrap()).isNull();
        assertThat(clients.getProducer("hook-verdicts").unwrap()).isNull();
        // those of another test's application may still be ending
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).noneMatch(name -> name.startsWith("smallrye-kafka-")));
        assertThat(meters.getMeters()).noneMatch(meter -> meter.getId().getName().startsWith("millrace.hook"));
        try (var admin = scene.admin()) {
            assertThat(admin.listGroups().all().get()).isEmpty();
        }
    }

    public static class Unconfigured extends HookTestResource.Profile {
        @Override
        Map<String, String> settings() {
            return Map.of();
        }

        @Override
        boolean configured() {
            return false;
        }
    }
}
