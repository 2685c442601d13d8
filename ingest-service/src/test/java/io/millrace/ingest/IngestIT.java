package io.millrace.ingest;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.FrameClient.UpgradeRefused;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.LogWatch;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ING-1, ING-2, ING-3, ING-4, ING-7, MSG-1, MSG-2, MSG-3, MSG-4, SEC-1, SEC-5, ERR-1: the ingest socket against a real broker. */
@QuarkusTest
@QuarkusTestResource(value = IngestStage.class, restrictToAnnotatedClass = true)
class IngestIT {
    private static final int MAX_FRAME = 65_536;

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
    void watchTheLog() {
        log = new LogWatch();
    }

    @AfterEach
    void end() {
        clients.forEach(FrameClient::close);
        log.close();
        assertThat(log.stackTraces()).isEmpty();
    }

    @Test
    void saysHelloWithItsLimitsFirst() {
        var hello = connect().await("hello");

        assertThat(hello.path("connection").asText()).isNotEmpty();
        assertThat(hello.path("pingMs").asLong()).isEqualTo(25_000);
        assertThat(hello.path("limits").path("maxMessageBytes").asInt()).isEqualTo(MAX_FRAME);
        assertThat(hello.path("limits").path("inFlight").asInt()).isEqualTo(256);
    }

    @Test
    void acceptsAMessageOnlyWhenItsRecordStandsInItsLanesTopic() {
        Instant before = Instant.now();

        var accepted = connect().send(Frames.text("m1", "lobby", "s1", 1, "hello")).awaitReply(1);

        assertThat(accepted.toString()).isEqualTo("{\"op\":\"accepted\",\"ref\":1,\"id\":\"m1\",\"lane\":\"text\",\"laneSeq\":1}");
        var record = records(IngestStage.TOPICS.text(), 1).get(0);
        assertThat(record.partition()).isEqualTo(Topics.partition(sender, IngestStage.PARTITIONS));
        var value = IngestStage.TOPICS.text().decode(record.value());
        assertThat(value.sender()).isEqualTo(sender);
        assertThat(value.message().text()).isEqualTo("hello");
        assertThat(value.moderator()).isTrue();
        assertThat(value.at()).isBetween(before.minusMillis(1), Instant.now());
        assertThat(record.timestamp()).isEqualTo(value.at().toEpochMilli());
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record, "ce_type")).isEqualTo("io.millrace.message.accepted");
        assertThat(header(record, "ce_source")).isEqualTo("/millrace/ingest");
        assertThat(header(record, "ce_id")).isEqualTo(sender + "/lobby/m1");
        assertThat(header(record, "ce_subject")).isEqualTo(sender);
        assertThat(Instant.parse(header(record, "ce_time"))).isEqualTo(value.at());
    }

    @Test
    void sendsEachLaneToItsOwnTopic() {
        var client = connect();

        client.send(Frames.image("m1", "lobby", "s1", 1)).send(Frames.text("m2", "lobby", "s1", 2, "x"));

        assertThat(client.awaitReply(1).path("lane").asText()).isEqualTo("media");
        assertThat(client.awaitReply(2).path("lane").asText()).isEqualTo("text");
        assertThat(ids(IngestStage.TOPICS.media(), 1)).containsExactly("m1");
        assertThat(ids(IngestStage.TOPICS.text(), 1)).containsExactly("m2");
    }

    @Test
    void sendsAnEditInTheLaneOfItsTarget() {
        var edit = Frames.image("m1", "lobby", "s1", 1).put("action", "message.update").put("target", 5);

        assertThat(connect().send(edit).awaitReply(1).path("lane").asText()).isEqualTo("media");
    }

    @Test
    void appendsInTheOrderTheFramesCameJoinedOrNot() {
        var client = connect();
        List<ObjectNode> messages = IntStream.rangeClosed(1, 2000).mapToObj(n -> Frames.text("m" + n, "room" + n % 7, "s1", n, "text " + n)).toList();

        for (int from = 0; from < messages.size(); from += 100) {
            if (from % 200 == 0) {
                client.sendJoined(messages.subList(from, from + 100));
            } else {
                messages.subList(from, from + 100).forEach(client::send);
            }
        }

        client.awaitCount(2000, "accepted");
        assertThat(ids(IngestStage.TOPICS.text(), 2000)).containsExactlyElementsOf(messages.stream().map(message -> message.path("id").asText()).toList());
        assertThat(client.messages()).as("answers are joined").hasSizeLessThan(2000);
    }

    @Test
    void appendsNothingOfABadFrameAndGoesOn() {
        var client = connect();

        client.sendJoined(List.of(Frames.text("m1", "lobby", "s1", 1, "x"), Frames.text("bad id", "lobby", "s1", 2, "x"), Frames.text("m3", "lobby", "s1", 3, "x")));

        client.awaitCount(2, "accepted");
        assertThat(client.awaitReply(2).path("code").asText()).isEqualTo("INVALID");
        assertThat(ids(IngestStage.TOPICS.text(), 2)).containsExactly("m1", "m3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{|BAD_FRAME", "[1]|BAD_FRAME", "\"\"|BAD_FRAME", "nonsense|BAD_FRAME", "{'op':'fly','ref':1}|BAD_FRAME", "{'op':7,'ref':1}|BAD_FRAME", "{'ref':1}|BAD_FRAME",
            "{'op':'subscribe','ref':1,'room':'lobby'}|BAD_FRAME", "{'op':'history','ref':1,'room':'lobby'}|BAD_FRAME",
            "{'op':'send','ref':1}|INVALID", "{'op':'send','ref':{},'id':'m1'}|INVALID", "{'op':'auth','ref':1}|INVALID",
            "{'op':'send','ref':1,'id':5,'room':'lobby','session':'s1','laneSeq':1,'type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lob by','session':'s1','laneSeq':1,'type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':'1','type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':0,'type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':1.5,'type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','type':'text','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':1,'type':'poem','text':'x'}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':1,'type':'text','text':7}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':1,'type':'text','text':'x','createdAt':5}|INVALID",
            "{'op':'send','ref':1,'id':'m1','room':'lobby','session':'s1','laneSeq':1,'type':'text','text':'x','action':'message.update'}|INVALID"})
    void answersEveryBadFrameWithACodeAndLives(String frame, String code) {
        var client = connect();

        client.sendText(frame.replace('\'', '"')).send(Frames.ping(99));

        client.awaitReply(99);
        assertThat(client.frames("error")).hasSize(1).first().extracting(error -> error.path("code").asText()).isEqualTo(code);
    }

    @Test
    void answersJsonNestedTooDeepAndLives() {
        var client = connect();

        client.sendText("{\"op\":\"send\",\"data\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}").send(Frames.ping(99));

        client.awaitReply(99);
        assertThat(client.await("error").path("code").asText()).isEqualTo("BAD_FRAME");
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_FRAME + 1, 4 * MAX_FRAME})
    void answersTooLargeUpToFourTimesTheLimitAndLives(int bytes) {
        var client = connect();

        client.sendText(padded(bytes)).send(Frames.text("m2", "lobby", "s1", 2, "x"));

        assertThat(client.awaitReply(1).path("code").asText()).isEqualTo("TOO_LARGE");
        assertThat(client.awaitReply(2).path("op").asText()).isEqualTo("accepted");
        assertThat(ids(IngestStage.TOPICS.text(), 1)).containsExactly("m2");
    }

    @Test
    void acceptsAFrameOfExactlyTheLimit() {
        assertThat(connect().sendText(padded(MAX_FRAME)).awaitReply(1).path("op").asText()).isEqualTo("accepted");
    }

    @ParameterizedTest
    @ValueSource(ints = {4 * MAX_FRAME + 1, 1024 * 1024 + 1})
    void closesWith1009WhatIsLargerStill(int bytes) {
        assertThat(connect().sendTextUnawaited(padded(bytes)).awaitClose()).isEqualTo(CloseCode.MESSAGE_TOO_BIG.code());
    }

    @Test
    void answersABinaryFrameAndLives() {
        var client = connect();

        client.sendBinary("{\"op\":\"ping\"}".getBytes(StandardCharsets.UTF_8)).send(Frames.ping(99));

        client.awaitReply(99);
        assertThat(client.await("error").path("code").asText()).isEqualTo("BAD_FRAME");
    }

    @Test
    void refusesTheUpgradeWithoutAGoodToken() {
        var refused = catchThrowableOfType(UpgradeRefused.class, () -> FrameClient.connect(ws(), "garbage"));

        assertThat(refused.status()).isEqualTo(401);
    }

    @Test
    void takesABrowsersTokenFromItsSubprotocols() {
        var client = add(FrameClient.connectLikeABrowser(ws(), tokens.token(sender), "http://" + uri.getAuthority()));

        assertThat(client.subProtocol()).isEqualTo("millrace.v1");
        assertThat(client.send(Frames.text("m1", "lobby", "s1", 1, "x")).awaitReply(1).path("op").asText()).isEqualTo("accepted");
    }

    @Test
    void refusesAForeignRoomAndJudgesByTheNewestToken() {
        var client = add(FrameClient.connect(ws(), tokens.token(sender, Map.of("lobby", List.of("publish"), "hall", List.of("subscribe", "moderate")))));

        client.send(Frames.text("m1", "hall", "s1", 1, "x")).send(Frames.text("m2", "lobby", "s1", 2, "x"));

        assertThat(client.awaitReply(1).path("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(client.awaitReply(2).path("op").asText()).isEqualTo("accepted");
        client.send(Frames.auth(3, tokens.token(sender, Map.of("hall", List.of("publish"))))).awaitReply(3);
        assertThat(client.send(Frames.text("m4", "hall", "s1", 4, "x")).awaitReply(4).path("op").asText()).isEqualTo("accepted");
        assertThat(client.send(Frames.text("m5", "lobby", "s1", 5, "x")).awaitReply(5).path("code").asText()).isEqualTo("FORBIDDEN");
        var accepted = records(IngestStage.TOPICS.text(), 2).stream().map(record -> IngestStage.TOPICS.text().decode(record.value())).toList();
        assertThat(accepted).extracting(AcceptedMessage::moderator).containsOnly(false);
    }

    @Test
    void writesNoTokenNoTextAndNoSenderIntoTheLog() {
        String token = tokens.token(sender);
        var client = add(FrameClient.connect(ws(), token));

        client.send(Frames.text("m1", "lobby", "s1", 1, "a secret text")).sendText("{\"op\":\"send\",\"text\":\"a secret text\"").send(Frames.auth(2, token)).awaitReply(2);

        assertThat(log.lines()).noneMatch(line -> line.contains("secret") || line.contains(sender) || line.contains(token.substring(0, 30)));
    }

    @Test
    void countsWhatItReceivedAcceptedAndRefused() {
        var client = connect();
        await().until(() -> registry.get("millrace.ingest.in.flight").gauge().value() == 0);
        double received = count("millrace.ingest.received");
        double accepted = count("millrace.ingest.accepted");
        double refused = count("millrace.ingest.refused");

        client.sendJoined(List.of(Frames.text("m1", "lobby", "s1", 1, "x"), Frames.image("m2", "lobby", "s1", 2), Frames.text("m3", "lobby", "s1", 3, "x").without("laneSeq")));

        client.awaitCount(2, "accepted");
        client.await("error");
        assertThat(count("millrace.ingest.received") - received).isEqualTo(3);
        assertThat(count("millrace.ingest.accepted") - accepted).isEqualTo(2);
        assertThat(count("millrace.ingest.refused") - refused).isEqualTo(1);
        await().until(() -> registry.get("millrace.ingest.in.flight").gauge().value() == 0 && registry.get("millrace.ingest.unwritten").gauge().value() == 0);
    }

    private double count(String name) {
        return registry.get(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    private FrameClient connect() {
        return add(FrameClient.connect(ws(), tokens.token(sender)));
    }

    private FrameClient add(FrameClient client) {
        clients.add(client);
        return client;
    }

    private URI ws() {
        return URI.create("ws://" + uri.getAuthority() + uri.getPath());
    }

    private List<ConsumerRecord<String, byte[]>> records(Topic<AcceptedMessage> topic, int count) {
        return kafka.records(topic, count, record -> sender.equals(record.key()));
    }

    private List<String> ids(Topic<AcceptedMessage> topic, int count) {
        return records(topic, count).stream().map(record -> topic.decode(record.value()).message().id()).toList();
    }

    private static String header(ConsumerRecord<?, ?> record, String key) {
        return new String(record.headers().lastHeader(key).value(), StandardCharsets.UTF_8);
    }

    private static String padded(int bytes) {
        JsonNode message = Frames.text("m1", "lobby", "s1", 1, "");
        String empty = message.toString();
        return empty.replace("\"text\":\"\"", "\"text\":\"" + "x".repeat(bytes - empty.length()) + "\"");
    }
}
