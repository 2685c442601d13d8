package io.millrace.ingest;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.LogWatch;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-2, ING-5, ING-6, SEC-3: with the broker away nothing is called accepted, every message gets an answer, and memory stays bounded. */
@QuarkusTest
@QuarkusTestResource(value = IngestOutageIT.Stage.class, restrictToAnnotatedClass = true)
class IngestOutageIT {
    private static final int IN_FLIGHT = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource("/v1/ingest")
    URI uri;
    @Inject
    MeterRegistry registry;
    TestKafka kafka;
    TestTokens tokens;
    private final List<FrameClient> clients = new ArrayList<>();
    private final String sender = "ana-" + UUID.randomUUID();
    private LogWatch log;

    @BeforeEach
    void begin() {
        log = new LogWatch();
        await().atMost(PATIENCE).until(() -> ready().statusCode() == 200);
        await().atMost(PATIENCE).until(() -> connect("before-" + UUID.randomUUID()).send(Frames.text("m1", "lobby", "s1", 1, "x")).awaitReply(1).path("op").asText().equals("accepted"));
    }

    @AfterEach
    void end() {
        clients.forEach(FrameClient::close);
        log.close();
        assertThat(log.stackTraces()).filteredOn(line -> line.startsWith("io.millrace")).isEmpty();
    }

    @Test
    void answersUnavailableWithinTheDeadlineAndRecovers() throws Exception {
        var client = connect(sender);
        assertThat(client.send(Frames.text("m1", "lobby", "s1", 1, "x")).awaitReply(1).path("op").asText()).isEqualTo("accepted");
        kafka.stopBroker(0);
        try {
            var error = client.send(Frames.text("m2", "lobby", "s1", 2, "x")).awaitReply(2);

            assertThat(error.path("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(error.path("retryable").asBoolean()).isTrue();
            assertThat(error.path("retryAfterMs").asLong()).isPositive();
            await().atMost(PATIENCE).until(() -> ready().statusCode() == 503 && ready().body().contains("Kafka cannot be asked"));
            assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
            assertThat(post("m3").statusCode()).isEqualTo(503);
        } finally {
            kafka.startBroker(0);
        }
        var tries = new AtomicLong(100);
        await().atMost(PATIENCE).until(() -> {
            long ref = tries.incrementAndGet();
            return client.send(Frames.text("m2", "lobby", "s1", 2, "x").put("ref", ref)).awaitReply(ref).path("op").asText().equals("accepted");
        });
        await().atMost(PATIENCE).until(() -> ready().statusCode() == 200);
    }

    @Test
    void doesNotReadAConnectionWithTooManyUnansweredMessagesAndAnswersThemAllInTheEnd() {
        var client = connect(sender);
        client.await("hello");
        double pauses = pauses("in-flight");
        kafka.stopBroker(0);
        try {
            client.sendJoined(IntStream.rangeClosed(1, 3 * IN_FLIGHT).mapToObj(n -> Frames.text("m" + n, "lobby", "s1", n, "x")).toList());

            await().atMost(PATIENCE).until(() -> pauses("in-flight") > pauses);
            assertThat(registry.get("millrace.ingest.in.flight").gauge().value()).isLessThanOrEqualTo(IN_FLIGHT);
            var bulk = Frames.text("bulk", "lobby", "s1", 1000, "x".repeat(60_000)).put("ref", "bulk").toString();
            client.sendUntil(client::isPushedBack, bulk);
            var refs = client.awaitCount(3 * IN_FLIGHT, frame -> frame.path("ref").isInt(), "answers").stream().map(frame -> frame.path("ref").asInt()).toList();
            assertThat(new HashSet<>(refs)).hasSize(3 * IN_FLIGHT);
        } finally {
            kafka.startBroker(0);
        }
        await().atMost(PATIENCE).until(() -> !client.isPushedBack());
        client.send(Frames.ping(5000)).awaitReply(5000);
    }

    @Test
    void doesNotReadConnectionsThatBringMoreThanMayBeOnItsWay() {
        double pauses = pauses("unwritten");
        List<FrameClient> many = IntStream.range(0, 4).mapToObj(n -> connect(sender + n)).toList();
        kafka.stopBroker(0);
        try {
            for (FrameClient client : many) {
                for (int n = 1; n < IN_FLIGHT; n++) {
                    client.sendTextUnawaited(Frames.text("m" + n, "lobby", "s1", n, "x".repeat(20_000)).toString());
                }
            }

            await().atMost(PATIENCE).until(() -> pauses("unwritten") > pauses);
            assertThat(registry.get("millrace.ingest.unwritten").gauge().value()).isLessThanOrEqualTo(Stage.UNWRITTEN);
            many.forEach(client -> client.awaitCount(IN_FLIGHT - 1, frame -> frame.has("ref"), "answers"));
        } finally {
            kafka.startBroker(0);
        }
        await().atMost(PATIENCE).until(() -> registry.get("millrace.ingest.unwritten").gauge().value() == 0);
    }

    @Test
    void answers429WithRetryAfterOverHttp() throws Exception {
        for (int i = 0; i < Stage.BURST; i++) {
            assertThat(post("m" + i).statusCode()).isIn(202, 429);
        }
        HttpResponse<String> refused = post("late");
        for (int i = 0; refused.statusCode() != 429 && i < Stage.BURST; i++) {
            refused = post("late" + i);
        }

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("RATE_LIMITED").contains("retryAfterMs");
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow())).isPositive();
    }

    @Test
    @DisplayName("SEC-3: messages per sender and second, RATE_LIMITED and retryAfterMs")
    void limitsEachSendersRateAndTellsWhenItMayGoOn() {
        var client = connect(sender);
        var other = connect(sender);
        client.sendJoined(IntStream.rangeClosed(1, Stage.BURST).mapToObj(n -> Frames.text("m" + n, "lobby", "s1", n, "x")).toList());
        client.awaitCount(Stage.BURST, "accepted");

        other.sendJoined(IntStream.rangeClosed(100, 130).mapToObj(n -> Frames.text("m" + n, "lobby", "s2", n - 99, "x").put("ref", n)).toList()); // some pass on a machine so slow
        var answers = other.awaitCount(31, frame -> frame.has("ref"), "31 answers");
        var refusals = answers.stream().filter(answer -> answer.path("code").asText().equals("RATE_LIMITED")).toList();

        assertThat(refusals).isNotEmpty();
        long wait = refusals.get(refusals.size() - 1).path("retryAfterMs").asLong();
        assertThat(wait).isBetween(1L, 1000L * Stage.BURST / Stage.RATE);
        var tries = new AtomicLong(200);
        await().pollDelay(Duration.ofMillis(wait)).until(() -> {
            long ref = tries.incrementAndGet();
            return other.send(Frames.text("again", "lobby", "s2", 40, "x").put("ref", ref)).awaitReply(ref).path("op").asText().equals("accepted");
        });
        assertThat(connect(sender + "-2").send(Frames.text("m1", "lobby", "s1", 1, "x")).awaitReply(1).path("op").asText()).isEqualTo("accepted");
    }

    private double pauses(String reason) {
        return registry.get("millrace.ingest.pauses").tag("reason", reason).counter().count();
    }

    private FrameClient connect(String as) {
        var client = FrameClient.connect(URI.create("ws://" + uri.getAuthority() + uri.getPath()), tokens.token(as));
        clients.add(client);
        return client;
    }

    private HttpResponse<String> ready() throws IOException, InterruptedException {
        return get("/q/health/ready");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String id) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri.resolve("/v1/rooms/lobby/messages")).header("Authorization", "Bearer " + tokens.token(sender))
                .POST(HttpRequest.BodyPublishers.ofString(Frames.message(id, "lobby", "s1", "x").toString())).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Limits so small that a test can reach them, and a deadline short enough to wait for. */
    public static class Stage extends IngestStage {
        static final int RATE = 1;
        static final int BURST = 40;
        static final int UNWRITTEN = 256 * 1024;

        @Override
        protected Map<String, String> changes() {
            return Map.of("millrace.ingest.rate", Integer.toString(RATE), "millrace.ingest.burst", Integer.toString(BURST),
                    "millrace.ingest.in-flight", Integer.toString(IN_FLIGHT), "millrace.ingest.unwritten", Integer.toString(UNWRITTEN),
                    "millrace.ingest.produce-deadline", "4s", "millrace.ingest.topics-check", "500ms");
        }
    }
}
