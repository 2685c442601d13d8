package io.millrace.streams.runtime;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** The service as it is deployed: what its health says while Kafka is away, while topics are missing, and once it runs. */
@QuarkusTest
@WithTestResource(BrokerThatComesLate.class)
class StreamsServiceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Topics TOPICS = Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION);

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
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("health/ready").body()).contains("topics are missing: ", "chat.room-log"));
        assertThat(get("health/live").statusCode()).isEqualTo(200);

        createTopics();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("health/ready").statusCode()).as(get("health/ready").body()).isEqualTo(200));
        assertThat(get("health/live").statusCode()).isEqualTo(200);
        for (var application : List.of("lane-scheduler", "room-sequencer", "history-view", "sync-states")) {
            assertThat(get("metrics").body()).contains("millrace_streams_running{application=\"" + application + "\"} 1.0");
        }
        carriesAnAcceptedMessageIntoHistory();
    }

    private void carriesAnAcceptedMessageIntoHistory() {
        try (var producer = new KafkaProducer<>(cluster.getKafkaClientConfiguration(), new StringSerializer(), new ByteArraySerializer())) {
            LongStream.rangeClosed(1, 3).forEach(laneSeq -> producer.send(new ProducerRecord<>(TOPICS.text().name(), "ana", TOPICS.text().encode(accepted(laneSeq)))));
        }
        var client = new HistoryClient("http://127.0.0.1:" + shell.historyAddress().port());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(HistoryClient.seqs(client.log("lobby", "?after=0&reaching=3"))).containsExactly(1L, 2L, 3L));
    }

    private static AcceptedMessage accepted(long laneSeq) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var message = new Message("m" + laneSeq, "lobby", "session", laneSeq, Action.CREATE, MessageType.TEXT, "hello", null, null, null, null, null, now);
        return new AcceptedMessage("ana", now, false, message);
    }

    private void createTopics() {
        try (var admin = Admin.create(cluster.getKafkaClientConfiguration())) {
            new TopicSetup(admin, TOPICS).ensure((short) 1);
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
