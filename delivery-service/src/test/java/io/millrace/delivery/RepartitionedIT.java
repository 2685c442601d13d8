package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FrameClient;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CON-3, TOP-3 against a real broker and the packaged service: the topics are made anew with another partition count, and delivery is told so. */
class RepartitionedIT {
    private static final Topics FEW = topics(4);
    private static final Topics MORE = topics(6);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final TestKafka kafka = TestKafka.start(1).with(FEW);
    private final TestTokens tokens = TestTokens.issuer();
    private final int port = FreePort.any();
    private TestHistoryView view = TestHistoryView.start(kafka.bootstrap(), FEW);
    private ChildProcess pod;

    @AfterEach
    void stop() {
        if (pod != null) {
            pod.close();
        }
        view.close();
        kafka.close();
    }

    @Test
    @DisplayName("CON-3: a cursor of a room that lives in another partition now is REPARTITIONED, one of a room that stayed STREAM_RECREATED")
    void tellsCursorsThatThePartitionCountHasChanged() throws Exception {
        pod = startPod(FEW);
        awaitReadiness(answer -> answer.startsWith("200"));
        String moved = roomWhose(room -> partition(room, FEW) != partition(room, MORE));
        String stayed = roomWhose(room -> partition(room, FEW) == partition(room, MORE));
        String cursorOfMoved = cursorAfterFive(moved);
        String cursorOfStayed = cursorAfterFive(stayed);

        makeAnew();
        awaitReadiness(answer -> answer.contains("chat.room-log has 6 partitions, wanted 4"));
        pod.close();
        view.close();
        view = TestHistoryView.start(kafka.bootstrap(), MORE);
        pod = startPod(MORE);
        awaitReadiness(answer -> answer.startsWith("200"));
        try (var writer = new RoomLogWriter(kafka.bootstrap(), MORE)) {
            writer.write(moved, 1, 3).write(stayed, 1, 3);
        }

        assertTold(moved, cursorOfMoved, "REPARTITIONED");
        assertTold(stayed, cursorOfStayed, "STREAM_RECREATED");
    }

    private void assertTold(String room, String cursor, String reason) {
        try (var client = connect()) {
            await().atMost(PATIENCE).until(() -> DeliveryCase.subscribe(client, room, null).path("seq").asLong() == 3);
            JsonNode subscribed = DeliveryCase.subscribe(client, room, cursor);
            JsonNode gap = client.await("discontinuity");

            assertThat(subscribed.get("resumed").asBoolean()).isFalse();
            assertThat(gap.get("reason").asText()).isEqualTo(reason);
            assertThat(gap.get("from").asLong()).isEqualTo(1);
            assertThat(gap.get("to").asLong()).isEqualTo(3);
            assertThat(gap.get("recoverable").asBoolean()).isTrue();
        }
    }

    private String cursorAfterFive(String room) {
        try (var client = connect(); var writer = new RoomLogWriter(kafka.bootstrap(), FEW)) {
            DeliveryCase.subscribe(client, room, null);
            writer.write(room, 1, 5);
            return client.awaitCount(5, "message").get(4).get("cursor").asText();
        }
    }

    private void makeAnew() throws Exception {
        try (Admin admin = kafka.admin()) {
            var names = FEW.all().stream().map(topic -> topic.name()).toList();
            admin.deleteTopics(names).all().get(60, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> admin.listTopics().names().get(60, TimeUnit.SECONDS).stream().noneMatch(names::contains));
        }
        kafka.with(MORE);
    }

    private ChildProcess startPod(Topics topics) {
        return ChildProcess.java(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()), Map.of(
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap(),
                "MILLRACE_TOPICS_PARTITIONS", Integer.toString(topics.roomLog().partitions()),
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", tokens.writePublicKey(directory).toString(),
                "MILLRACE_DELIVERY_CHECK_INTERVAL", "200ms",
                "MILLRACE_DELIVERY_HISTORY_URL", view.url()));
    }

    private FrameClient connect() {
        return FrameClient.connect(URI.create("ws://127.0.0.1:" + port + "/v1/delivery"), tokens.token("ana"));
    }

    private void awaitReadiness(Predicate<String> wanted) {
        await().atMost(PATIENCE).until(() -> !pod.isAlive() || wanted.test(readiness()));
        assertThat(pod.isAlive()).as(() -> pod.output() + pod.errors()).isTrue();
    }

    private String readiness() throws InterruptedException {
        try {
            var question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready")).build();
            var response = HttpClient.newHttpClient().send(question, BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "not there yet";
        }
    }

    private static String roomWhose(Predicate<String> wanted) {
        return IntStream.range(0, 1000).mapToObj(i -> "room" + i).filter(wanted).findFirst().orElseThrow();
    }

    private static int partition(String room, Topics topics) {
        return Topics.partition(room, topics.roomLog().partitions());
    }

    private static Topics topics(int partitions) {
        return Topics.of("chat.", partitions, Topics.DEFAULT_LOG_RETENTION);
    }
}
