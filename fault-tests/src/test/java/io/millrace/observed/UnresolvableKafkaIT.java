package io.millrace.observed;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pods.Pod;
import io.millrace.testing.TestTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where names appear with what they name, a service that starts first finds no broker's name: it must live and say so. */
class UnresolvableKafkaIT {
    private static final String NOWHERE = "kafka.invalid:9092";

    @TempDir
    private Path files;

    private List<Pod> pods;

    @AfterEach
    void stop() {
        pods.forEach(Pod::close);
    }

    @Test
    void livesAndSaysSoWhileTheBrokersNamesDoNotResolve() {
        var key = TestTokens.issuer().writePublicKey(files);
        var streams = Pod.streams("streams", NOWHERE, 1, files.resolve("state"));
        pods = List.of(Pod.ingest("ingest", NOWHERE, 1, key, files.resolve("attachments")), streams, Pod.delivery("delivery", NOWHERE, 1, key, streams));
        pods.forEach(Pod::start);
        for (var pod : pods) {
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                var ready = Answer.to(pod.at("http", "/q/health/ready"));
                assertThat(ready.status()).as(ready.body() + pod.process().output()).isEqualTo(503);
                assertThat(ready.body()).contains("No resolvable bootstrap urls");
            });
            assertThat(Answer.to(pod.at("http", "/q/health/live")).status()).isEqualTo(200);
        }
    }
}
