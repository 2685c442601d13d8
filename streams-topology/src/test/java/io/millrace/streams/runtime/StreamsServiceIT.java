package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** The service as it is deployed: what its health says while Kafka is away, while topics are missing, and once it runs. */
@QuarkusTest
@WithTestResource(BrokerThatComesLate.class)
class StreamsServiceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();

    @TestHTTPResource("/q/")
    URI management;

    @Inject
    StreamsShell shell;

    KafkaCluster cluster;

    @Test
    void isAliveWithoutKafkaAndReadyOnceKafkaAndTopicsAreThere() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("health/ready").body()).contains("Kafka cannot be asked for its topics"));
        assertThat(get("health/ready").statusCode()).isEqualTo(503);
        assertThat(get("health/live").statusCode()).isEqualTo(200);

        cluster.startNodes(node -> true);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("health/ready").body()).contains("chat.room-log: topic is missing"));
        assertThat(get("health/live").statusCode()).isEqualTo(200);

        createTopics();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("health/ready").statusCode()).as(get("health/ready").body()).isEqualTo(200));
        assertThat(get("health/live").statusCode()).isEqualTo(200);
        assertThat(get("metrics").body()).contains("millrace_streams_running{application=\"history-view\"} 1.0", "millrace_streams_lag{application=\"history-view\"}");
        answersForARoom();
    }

    private void answersForARoom() {
        try (var writer = new LogWriter(cluster.getKafkaClientConfiguration(), Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION).roomLog(), "sequencer-of-the-test")) {
            writer.commit("lobby", 1, 3);
        }
        var address = shell.historyAddress();
        var client = new HistoryClient("http://127.0.0.1:" + address.port());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(HistoryClient.seqs(client.log("lobby", "?after=0"))).containsExactly(1L, 2L, 3L));
    }

    private void createTopics() {
        try (var admin = Admin.create(cluster.getKafkaClientConfiguration())) {
            new TopicSetup(admin, Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION)).ensure((short) 1);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(HttpRequest.newBuilder(management.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
