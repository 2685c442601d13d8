package io.millrace.observed;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.topic.Topics;
import io.millrace.pods.Pod;
import io.millrace.testing.FrameClient.UpgradeRefused;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What those who run Millrace see of it: one packaged pod of each service, from before there is a Kafka to after it is gone. The tests are
 * stations of one run.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObservedPipelineIT {
    private static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What docs/operations.md promises of a stop, and time for a busy machine. */
    private static final Duration STOP = Duration.ofSeconds(20).plusMinutes(1);
    private static final String SECRET = "nobody may read this in a log";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String HELD_TRACE = "aaf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT_SPAN = "00f067aa0ba902b7";
    private static final int SAID = 20;
    private static final int READERS = 2;

    @TempDir
    private static Path files;

    private static final TestKafka KAFKA = TestKafka.start(1);
    private static final SpanReceiver SPANS = new SpanReceiver();
    private static final Hook HOOK = new Hook();
    private static final TestTokens TOKENS = TestTokens.issuer();
    private static Pod ingest;
    private static Pod streams;
    private static Pod delivery;

    @BeforeAll
    static void startWithoutKafka() {
        KAFKA.stopBroker(0);
        var key = TOKENS.writePublicKey(files.resolve("keys"));
        var traced = Map.of("MILLRACE_TRACING_ENABLED", "true", "MILLRACE_TRACING_RATIO", "0", "OTEL_EXPORTER_OTLP_ENDPOINT", SPANS.url(), "OTEL_BSP_SCHEDULE_DELAY", "200");
        ingest = Pod.ingest("ingest", KAFKA.bootstrap(), TOPICS.text().partitions(), key, files.resolve("attachments")).with(traced);
        streams = Pod.streams("streams", KAFKA.bootstrap(), TOPICS.text().partitions(), files.resolve("state")).with(traced)
                .with(Map.of("MILLRACE_SYNC_HOOK_URL", HOOK.url(), "MILLRACE_SYNC_HOOK_TIMEOUT", "1m", "MILLRACE_SYNC_GAP_TIMEOUT", "1h"));
        delivery = Pod.delivery("delivery", KAFKA.bootstrap(), TOPICS.text().partitions(), key, streams).with(traced);
        pods().forEach(Pod::start);
    }

    @AfterAll
    static void stop() {
        pods().forEach(Pod::close);
        KAFKA.close();
        SPANS.close();
        HOOK.close();
    }

    @Test
    @Order(1)
    @DisplayName("A service that is there before Kafka, or before the topics, says so, stays alive and comes up by itself")
    void waitsForKafkaAndTopics() {
        pods().forEach(pod -> awaitReason(pod, "Kafka cannot be asked|unable to reach"));
        KAFKA.startBroker(0);
        awaitReason(ingest, "chat.messages.text: topic is missing");
        awaitReason(streams, "topics are missing: ");
        awaitReason(delivery, "chat.room-log");
        KAFKA.with(TOPICS);
        pods().forEach(Pod::awaitReady);
        pods().forEach(pod -> assertThat(Answer.to(pod.at("http", "/q/health/live")).status()).isEqualTo(200));
    }

    @Test
    @Order(2)
    @DisplayName("accepted = synced + failed + duplicates + pending, and what was read was delivered, replayed or told as lost: exactly, once quiet")
    void countsEveryMessage() {
        try (var ana = FrameClient.connect(ingest.at("ws", "/v1/ingest"), TOKENS.token("ana")); var reader = reader(); var other = reader()) {
            ana.await("hello");
            long ref = say(ana);
            List.of(reader, other).forEach(one -> one.awaitCount(SAID, "message")); // what is sent again now has ended
            fail();
            IntStream.rangeClosed(1, 4).forEach(laneSeq -> ana.send(Frames.text("m" + laneSeq, "lobby", "s", laneSeq, SECRET)));
            ana.send(traced(Frames.text("held", "lobby", "s2", 2, SECRET), HELD_TRACE).put("ref", ref));
            ana.send(Frames.text("held", "lobby", "s2", 2, SECRET).put("ref", ref + 1));
            ana.awaitReply(ref + 1);
            refuseTokens();
            resume(reader.frames("message").get(4).path("cursor").asText());
        }
        awaitQuiet();
        var seen = Metrics.of(pods());
        assertThat(counts(seen, "millrace_ingest_accepted_total", "millrace_messages_synced_total", "millrace_messages_repeated_total", "millrace_lanes_absorbed_total",
                "millrace_lanes_waiting", "millrace_ingest_in_flight", "millrace_streams_lag")).containsExactly(SAID + 4 + 4 + 2L, (long) SAID, 4L, 1L, 1L, 0L, 0L);
        assertThat(List.of(seen.sum("millrace_messages_failed_total", "code=\"TARGET_UNKNOWN\""), seen.sum("millrace_messages_failed_total", "code=\"REFUSED\""),
                seen.sum("millrace_messages_failed_total"))).containsExactly(2L, 2L, 4L);
        assertThat(seen.sum("millrace_ingest_received_total")).isEqualTo(seen.sum("millrace_ingest_accepted_total") + seen.sum("millrace_ingest_refused_total"));
        assertThat(seen.sum("millrace_lanes_arrived_total")).isEqualTo(seen.sum("millrace_ingest_accepted_total"));
        assertThat(seen.sum("millrace_hook_attempts_total")).isEqualTo(seen.sum("millrace_hook_verdicts_total")).isEqualTo(SAID + 4);
        assertThat(seen.sum("millrace_write_duration_seconds_count")).isEqualTo(SAID + 4);
        countsWhatWasRead(seen);
    }

    private static void countsWhatWasRead(Metrics seen) {
        assertThat(seen.sum("millrace_delivery_entries_total", "kind=\"live\"")).isEqualTo((long) READERS * SAID);
        assertThat(seen.sum("millrace_delivery_age_seconds_count")).isEqualTo(SAID);
        assertThat(seen.sum("millrace_delivery_entries_total", "kind=\"replay\"")).isEqualTo(SAID - 5);
        assertThat(seen.sum("millrace_delivery_discontinuities_total", "reason=\"CURSOR_UNKNOWN\"")).isEqualTo(seen.sum("millrace_delivery_discontinuities_total")).isEqualTo(1);
        assertThat(seen.sum("millrace_delivery_lost_sum")).isEqualTo(SAID);
        assertThat(seen.sum("millrace_delivery_discontinuities_recorded_total") + seen.sum("millrace_delivery_discontinuities_unrecorded_total")).isEqualTo(1);
        assertThat(seen.sum("millrace_gate_token_failures_total", "via=\"upgrade\"")).isEqualTo(1);
        assertThat(seen.sum("millrace_gate_token_failures_total", "via=\"request\"")).isEqualTo(1);
        assertThat(seen.sum("millrace_gate_opened_total")).isEqualTo(seen.sum("millrace_gate_closed_total") + seen.sum("millrace_gate_connections"));
        assertThat(seen.sum("millrace_gate_bytes_total", "direction=\"out\"")).isGreaterThan(seen.sum("millrace_delivery_bytes_total"));
    }

    @Test
    @Order(3)
    @DisplayName("TOP-1: one trace from the sender's own span to the receivers' frames, one span for each step")
    void tracesAMessageFromItsSenderToItsReceivers() {
        var names = List.of("ingest accept", "lane schedule", "hook attempt 1", "room sequence", "delivery send");
        await().atMost(PATIENCE).until(() -> SPANS.trace(TRACE).size() >= names.size());
        var trace = SPANS.trace(TRACE).stream().collect(Collectors.toMap(SpanReceiver.Received::name, Function.identity(), (first, again) -> first));
        assertThat(trace).containsOnlyKeys(names);
        assertThat(trace.get("ingest accept").parentId()).isEqualTo(CLIENT_SPAN);
        assertThat(trace.get("lane schedule").parentId()).isEqualTo(trace.get("ingest accept").spanId());
        assertThat(trace.get("hook attempt 1").parentId()).isEqualTo(trace.get("lane schedule").spanId());
        assertThat(trace.get("room sequence").parentId()).isEqualTo(trace.get("lane schedule").spanId());
        assertThat(trace.get("delivery send").parentId()).isEqualTo(trace.get("room sequence").spanId());
        assertThat(names).extracting(name -> trace.get(name).service()).containsExactly("ingest-service", "streams-topology", "streams-topology", "streams-topology", "delivery-service");
        assertThat(trace.get("delivery send").attribute("millrace.receivers")).isEqualTo(READERS);
        assertThat(HOOK.traceparent()).isEqualTo("00-" + TRACE + "-" + trace.get("hook attempt 1").spanId() + "-01");
        await().atMost(PATIENCE).until(() -> SPANS.trace(HELD_TRACE).size() == 1);
        assertThat(SPANS.trace(HELD_TRACE)).as("a message that is held").extracting(SpanReceiver.Received::name).containsExactly("ingest accept");
        assertThat(Metrics.of(pods()).sum("millrace_tracing_spans_total")).as("nothing else is sampled").isEqualTo(names.size() + 1);
    }

    @Test
    @Order(4)
    void documentsEveryMetricAndHasEveryMetricItDocuments() throws IOException {
        assertThat(Metrics.of(pods()).names()).containsExactlyInAnyOrderElementsOf(DocumentedMetrics.names());
        assertThat(DocumentedMetrics.names()).containsAll(DocumentedMetrics.inAlerts());
    }

    @Test
    @Order(5)
    @DisplayName("A stop without Kafka is bounded too; SEC-5: logs are JSON and hold neither texts nor tokens")
    void stopsInTimeWithoutKafkaAndHasLoggedNothingPrivate() throws IOException {
        KAFKA.stopBroker(0);
        List.of(ingest, delivery).forEach(pod -> awaitReason(pod, "Kafka cannot be asked|unable to reach"));
        pods().forEach(pod -> pod.process().terminate());
        for (var pod : pods()) {
            pod.process().exitCode(STOP);
            var lines = pod.process().output().lines().toList();
            assertThat(lines).isNotEmpty();
            for (var line : lines) {
                assertThat(line).doesNotContain(SECRET, "eyJ");
                JsonNode entry = Json.MAPPER.readTree(line);
                assertThat(List.of("timestamp", "level", "loggerName", "message", "service")).as(line).allMatch(entry::hasNonNull);
            }
        }
    }

    private static long say(FrameClient ana) {
        for (int laneSeq = 1; laneSeq < SAID; laneSeq++) {
            ana.send(Frames.text("m" + laneSeq, "lobby", "s", laneSeq, SECRET));
        }
        ana.send(traced(Frames.text("m" + SAID, "lobby", "s", SAID, SECRET), TRACE));
        ana.awaitCount(SAID, "accepted");
        return SAID + 1L;
    }

    /** Two that the sequencer fails, and two that the hook refuses. */
    private static void fail() {
        for (int number = 1; number <= 2; number++) {
            var delete = Frames.message("d" + number, "lobby", "http", null).put("action", "message.delete").put("target", 1000);
            assertThat(Answer.toPost(ingest.at("http", "/v1/rooms/lobby/messages"), TOKENS.token("bea"), delete).status()).isEqualTo(202);
            var rude = Frames.message("r" + number, "lobby", "http", "refuse me");
            assertThat(Answer.toPost(ingest.at("http", "/v1/rooms/lobby/messages"), TOKENS.token("bea"), rude).status()).isEqualTo(202);
        }
    }

    private static void refuseTokens() {
        String foreign = TestTokens.issuer().token("mallory");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> FrameClient.connect(delivery.at("ws", "/v1/delivery"), foreign)).isInstanceOf(UpgradeRefused.class);
        assertThat(Answer.toPost(ingest.at("http", "/v1/rooms/lobby/messages"), foreign, Frames.message("x", "lobby", "http", "x")).status()).isEqualTo(401);
    }

    private static FrameClient reader() {
        var reader = FrameClient.connect(delivery.at("ws", "/v1/delivery"), TOKENS.token("reader"));
        reader.await("hello");
        reader.send(Frames.of("subscribe", 1).put("room", "lobby")).await("subscribed");
        return reader;
    }

    /** One that was away since the fifth entry, and one whose cursor says nothing. */
    private static void resume(String fifth) {
        try (var reader = FrameClient.connect(delivery.at("ws", "/v1/delivery"), TOKENS.token("late"))) {
            reader.await("hello");
            reader.send(Frames.of("subscribe", 1).put("room", "lobby").put("cursor", fifth));
            reader.awaitCount(SAID - 5, "message");
            reader.send(Frames.of("subscribe", 2).put("room", "lobby").put("cursor", "nonsense")).await("discontinuity");
        }
    }

    /** Nothing pending but what is held, as the metrics themselves say it. */
    private static void awaitQuiet() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            var seen = Metrics.of(pods());
            assertThat(seen.sum("millrace_messages_synced_total") + seen.sum("millrace_messages_failed_total") + seen.sum("millrace_messages_repeated_total")
                    + seen.sum("millrace_lanes_absorbed_total") + seen.sum("millrace_lanes_waiting")).isEqualTo(seen.sum("millrace_ingest_accepted_total"));
            assertThat(seen.sum("millrace_streams_lag") + seen.sum("millrace_delivery_connections")).isZero();
            assertThat(seen.sum("millrace_delivery_discontinuities_recorded_total")).isEqualTo(1);
            assertThat(seen.sum("millrace_gate_opened_total")).isEqualTo(seen.sum("millrace_gate_closed_total"));
        });
    }

    private static void awaitReason(Pod pod, String reason) {
        await(reason).atMost(PATIENCE).untilAsserted(() -> {
            var ready = Answer.to(pod.at("http", "/q/health/ready"));
            assertThat(ready.status()).as(ready.body()).isEqualTo(503);
            assertThat(ready.body()).containsPattern(reason);
            assertThat(Answer.to(pod.at("http", "/q/health/live")).status()).isEqualTo(200);
        });
    }

    private static List<Long> counts(Metrics seen, String... names) {
        return List.of(names).stream().map(seen::sum).toList();
    }

    private static ObjectNode traced(ObjectNode message, String trace) {
        return message.put("traceparent", "00-" + trace + "-" + CLIENT_SPAN + "-01");
    }

    private static List<Pod> pods() {
        return List.of(ingest, streams, delivery);
    }
}
