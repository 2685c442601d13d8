package io.millrace.secured;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.FrameClient.UpgradeRefused;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestTokens;
import io.millrace.testing.TopicReader;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * SEC-1, SEC-4, SEC-5: the packaged services against a broker that allows them what {@link KafkaRights} says and nothing else. Ingest and
 * streams come with SCRAM over TLS, delivery with a certificate of its own. One broker and one start of each service serve all tests, in order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredIT {
    private static final Topics TOPICS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final List<KafkaRight> RIGHTS = KafkaRights.of(Topics.DEFAULT_PREFIX, KafkaRights.DEFAULT_APPLICATION_PREFIX);
    private static final Set<KafkaRole> SERVICES = Set.of(KafkaRole.INGEST, KafkaRole.STREAMS, KafkaRole.DELIVERY);
    /** Stands in every text, name, token and record of these tests; nothing that is logged may have it. */
    private static final String MARK = "zq7f3a91";
    private static final String ROOM = "room-" + MARK;
    private static final String ANA = "ana-" + MARK;

    @TempDir
    private static Path files;

    private static final Hook HOOK = new Hook("hook-" + MARK);
    private static final TestTokens TOKENS = TestTokens.issuer();
    private static SecuredKafka kafka;
    private static SecuredService ingest;
    private static SecuredService streams;
    private static SecuredService delivery;
    private static List<KafkaRight> heldBack;
    private static long laneSeq;

    @BeforeAll
    static void start() {
        kafka = SecuredKafka.start(files, List.of("delivery"));
        Stream.of(KafkaRole.values()).filter(role -> role != KafkaRole.DELIVERY).forEach(role -> kafka.makeUser(role.toString()));
        heldBack = RIGHTS.stream().filter(SecuredIT::isHeldBack).toList();
        kafka.allow(RIGHTS.stream().filter(right -> !heldBack.contains(right)).toList());
        try (var admin = Admin.create(new HashMap<>(kafka.sasl("topics")))) {
            assertThat(new TopicSetup(admin, TOPICS).ensure((short) -1)).isEmpty();
        }
        int history = FreePort.any();
        String key = TOKENS.writePublicKey(files.resolve("keys")).toString();
        streams = SecuredService.start("streams-topology", kafka.sasl("streams"), Map.of(
                "MILLRACE_HISTORY_HOST", "127.0.0.1", "MILLRACE_HISTORY_ADVERTISED_HOST", "127.0.0.1", "MILLRACE_HISTORY_PORT", Integer.toString(history),
                "MILLRACE_STREAMS_STATE_DIR", files.resolve("state").toString(), "MILLRACE_STREAMS_INSTANCE_ID", "streams-0",
                "MILLRACE_SYNC_HOOK_URL", HOOK.url(), "MILLRACE_SYNC_HOOK_AUTHORIZATION", "Bearer hook-" + MARK,
                "MILLRACE_SYNC_HOOK_TIMEOUT", "1m", "MILLRACE_SYNC_RETRY_INTERVAL", "100ms", "MILLRACE_SYNC_MAX_RETRIES", "1"));
        ingest = SecuredService.start("ingest-service", kafka.sasl("ingest"), Map.of(
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", key, "MILLRACE_ATTACHMENTS_DIRECTORY", files.resolve("attachments").toString(),
                "MILLRACE_INGEST_LATENESS_THRESHOLD", "1ms", "MILLRACE_INGEST_LATENESS_CHECK", "10ms"));
        delivery = SecuredService.start("delivery-service", kafka.mutual("delivery"), Map.of(
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", key, "MILLRACE_DELIVERY_HISTORY_URL", "http://127.0.0.1:" + history,
                "MILLRACE_DELIVERY_CHECK_INTERVAL", "500ms", "MILLRACE_DELIVERY_RECOVERY_WINDOW", "1s"));
    }

    @AfterAll
    static void stop() {
        Stream.of(ingest, streams, delivery).filter(service -> service != null).forEach(SecuredService::close);
        kafka.close();
        HOOK.close();
    }

    private static boolean isHeldBack(KafkaRight right) {
        return SERVICES.contains(right.role()) && Set.of("chat.discontinuities", "millrace-room-sequencer-", "millrace-history-view").contains(right.resource().name())
                || right.role() == KafkaRole.INGEST && right.operations().contains(AclOperation.WRITE) && right.resource().name().equals("chat.messages.media");
    }

    @Test
    @Order(1)
    @DisplayName("SEC-4: a service that lacks rights says which, and is not ready")
    void tellsWhichRightsAreMissing() {
        await().atMost(SecuredService.PATIENCE).untilAsserted(() -> assertThat(ingest.readiness())
                .contains("Kafka does not allow: Write, DescribeConfigs on topic chat.messages.media\"").contains("DOWN"));
        await().atMost(SecuredService.PATIENCE).untilAsserted(() -> assertThat(streams.readiness())
                .contains("Read on group millrace-history-view").contains("Write on transactional id millrace-room-sequencer-*")
                .contains("Create, DescribeConfigs on topic millrace-room-sequencer-*").contains("Read, DescribeConfigs on topic chat.discontinuities"));
        await().atMost(SecuredService.PATIENCE).untilAsserted(() -> assertThat(delivery.readiness())
                .contains("Kafka does not allow: Write on topic chat.discontinuities\""));
    }

    @Test
    @Order(2)
    @DisplayName("SEC-4: with exactly the documented rights all three services work, with SCRAM over TLS and with mTLS")
    void worksWithTheDocumentedRights() {
        kafka.allow(heldBack);
        Stream.of(ingest, streams, delivery).forEach(SecuredService::awaitReady);
        RecordingAuthorizer.forgetRefusals();
        String token = TOKENS.token(ANA);

        try (var sender = FrameClient.connect(ingest.uri("ws", "/v1/ingest"), token); var reader = reader(token)) {
            String cursor = subscribed(reader, null).path("cursor").asText();
            sender.send(text("hello")).awaitReply(laneSeq);
            assertThat(reader.await("message").at("/entry/text").asText()).isEqualTo(said("hello"));
            assertThat(reader.await("sync").path("state").asText()).isEqualTo("synced");
            sender.send(image(upload(token)));
            reader.await(frame -> frame.path("op").asText().equals("sync") && frame.path("lane").asText().equals("media") && frame.path("state").asText().equals("synced"), "the image");

            var page = reader.send(Frames.of("history", 50).put("room", ROOM).put("limit", 10)).awaitReply(50);
            assertThat(page.path("items")).hasSize(2);
            var states = reader.send(Frames.of("sync.get", 51).set("ids", Json.MAPPER.createArrayNode().add("m1"))).awaitReply(51);
            assertThat(states.toString()).contains("synced");
            passWindow();
            try (var late = reader(token)) {
                subscribed(late, cursor);
                assertThat(late.await("discontinuity").path("reason").asText()).isEqualTo("WINDOW_EXPIRED");
            }
        }
        await().atMost(SecuredService.PATIENCE).until(() -> records(TOPICS.discontinuities()) == 1);
        assertThat(records(TOPICS.attachments())).isEqualTo(1);
    }

    @Test
    @Order(3)
    @DisplayName("SEC-4: nothing was refused that is needed, and nothing is granted that is not")
    void needsNoMoreAndNoLess() {
        try (var sender = FrameClient.connect(ingest.uri("ws", "/v1/ingest"), TOKENS.token(ANA))) {
            sender.send(text("ask-for-refusal")).awaitReply(laneSeq);
            await().atMost(SecuredService.PATIENCE).untilAsserted(() -> { // what is used only while the pipeline is late, or at some time, is used then
                sender.send(text("more")).awaitReply(laneSeq);
                assertThat(unused()).isEmpty();
            });
        }
        assertThat(RecordingAuthorizer.asked()).filteredOn(asked -> !asked.allowed()).isEmpty();
    }

    @Test
    @Order(4)
    @DisplayName("SEC-1: development tokens: no endpoint, and a service with such a key does not start")
    void knowsNoDevelopmentTokens() throws Exception {
        assertThat(ingest.post("/dev/token", "{\"sub\":\"ana\"}").statusCode()).isEqualTo(404);
        assertThat(delivery.post("/dev/token", "{\"sub\":\"ana\"}").statusCode()).isEqualTo(404);

        var development = TestTokens.issuer(TestTokens.Algorithm.ES256, "millrace-dev-1");
        Path jwks = Files.writeString(files.resolve("dev-key.public.jwks"), "{\"keys\":[" + development.jwk() + "]}");
        for (var module : List.of("ingest-service", "delivery-service")) {
            String user = module.equals("ingest-service") ? "ingest" : "delivery";
            try (var refusing = SecuredService.start(module, user.equals("ingest") ? kafka.sasl(user) : kafka.mutual(user),
                    Map.of("MILLRACE_AUTH_PUBLIC_KEY_LOCATION", jwks.toString(), "MILLRACE_AUTH_DEVELOPMENT", "true"))) {
                assertThat(refusing.process().exitCode(SecuredService.PATIENCE)).isNotZero();
                assertThat(refusing.output()).contains("unable to start; ").contains("the key of a development server");
            }
        }
    }

    @Test
    @Order(5)
    @DisplayName("SEC-1: a token in the URL is no token, whatever it is called")
    void takesNoTokenFromTheUrl() {
        String token = TOKENS.token(ANA);
        for (String name : List.of("access_token", "token", "bearer", "jwt", "Authorization", "authorization")) {
            for (var uri : List.of(ingest.uri("ws", "/v1/ingest"), delivery.uri("ws", "/v1/delivery"))) {
                var options = FrameClient.options(uri).setURI(uri.getPath() + "?" + name + "=" + token);
                assertThat(catchThrowableOfType(UpgradeRefused.class, () -> FrameClient.connect(options)).status()).isEqualTo(401);
            }
            assertThat(ingest.post("/v1/rooms/" + ROOM + "/messages?" + name + "=" + token, text("no").toString()).statusCode()).isEqualTo(401);
            assertThat(delivery.get("/v1/rooms/" + ROOM + "/history?" + name + "=" + token).statusCode()).isEqualTo(401);
        }
        laneSeq -= 6; // none of them was sent
    }

    @Test
    @Order(6)
    @DisplayName("SEC-3: a hundred messages of a sender at once unless configured otherwise, then RATE_LIMITED with retryAfterMs")
    void limitsASendersRateByDefault() {
        try (var eve = FrameClient.connect(ingest.uri("ws", "/v1/ingest"), TOKENS.token("eve-" + MARK))) {
            eve.sendJoined(IntStream.rangeClosed(1, 250).mapToObj(i -> Frames.text("e" + i, ROOM + "3", "session-" + MARK, i, said("flood"))).toList());

            var refused = eve.await(frame -> frame.path("code").asText().equals("RATE_LIMITED"), "a refusal"); // and now and then one passes, as time does
            assertThat(refused.path("ref").asInt()).isGreaterThan(100);
            assertThat(refused.path("retryAfterMs").asLong()).isPositive();
            assertThat(eve.awaitCount(100, "accepted")).extracting(accepted -> accepted.path("ref").asInt()).containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        }
    }

    @Test
    @Order(7)
    @DisplayName("SEC-5: no token, text, name or content is logged, whatever goes wrong")
    void logsNothingOfWhatIsSaid() {
        String token = TOKENS.token(ANA);
        List<String> secrets = new ArrayList<>(List.of(MARK, "the-password-of-", Certificates.PASSWORD, token.split("\\.")[2]));
        try (var sender = FrameClient.connect(ingest.uri("ws", "/v1/ingest"), token); var reader = reader(token)) {
            subscribed(reader, null);
            badFrames(sender);
            badFrames(reader);
            secrets.addAll(refusedTokens());
            badRequests(token);
            long before = laneSeq;
            for (String trouble : List.of("ask-for-trouble", "ask-for-garbage", "ask-for-refusal")) {
                sender.send(text(trouble)).awaitReply(laneSeq);
            }
            assertThat(reader.awaitCount(3, frame -> frame.path("state").asText().equals("failed"), "failures")).hasSize((int) (laneSeq - before));
            undecodable();
            sender.send(text("last")).awaitReply(laneSeq);
            reader.await(frame -> frame.at("/entry/text").asText().equals(said("last")), "the last message");
            assertThat(reader.send(Frames.of("history", 60).put("room", ROOM).put("limit", 10)).awaitReply(60).path("op").asText()).isEqualTo("history");
        }
        for (var service : List.of(ingest, streams, delivery)) {
            assertThat(service.output().lines().filter(line -> secrets.stream().anyMatch(line::contains)).limit(5)).as("lines that say too much").isEmpty();
        }
        assertThat(delivery.output()).as("it does log").contains("DEBUG");
    }

    private static void badFrames(FrameClient client) {
        client.sendText("{\"op\":\"send\",\"text\":\"" + MARK).sendText("{\"op\":\"" + MARK + "\"}").sendText("{\"op\":\"subscribe\",\"room\":\"" + MARK + " \"}")
                .sendText("{\"op\":\"send\",\"id\":\"" + MARK + "\",\"text\":{\"" + MARK + "\":\"" + MARK + "\"}}").sendText(MARK.repeat(10_000))
                .sendText("{\"op\":\"subscribe\",\"room\":\"" + ROOM + "2\",\"cursor\":\"" + MARK + "\",\"ref\":\"" + MARK + "\"}").sendBinary(MARK.getBytes(StandardCharsets.UTF_8));
        client.awaitCount(6, "error");
    }

    private static void badRequests(String token) {
        for (String body : List.of("{\"text\":\"" + MARK, "{\"" + MARK + "\":1}", MARK.repeat(10_000), "[".repeat(100) + MARK)) {
            assertThat(ingest.post("/v1/rooms/" + ROOM + "/messages", body, "Authorization", "Bearer " + token).statusCode()).isBetween(400, 413);
            assertThat(ingest.post("/v1/attachments", body, "Authorization", "Bearer " + token).statusCode()).isBetween(400, 413);
        }
        assertThat(ingest.get("/v1/attachments/" + MARK, "Authorization", "Bearer " + token).statusCode()).isBetween(400, 404);
        assertThat(delivery.get("/v1/rooms/" + ROOM + "/history?before=" + MARK, "Authorization", "Bearer " + token).statusCode()).isEqualTo(400);
    }

    /** Tokens that are refused, at an upgrade, over HTTP and in a frame; what of them must not be logged. */
    private static List<String> refusedTokens() {
        String foreign = TestTokens.issuer().token(ANA);
        String expired = TOKENS.token(ANA, Map.of("*", List.of("publish")), Instant.now().minusSeconds(60));
        for (String token : List.of(foreign, expired, MARK)) {
            assertThat(catchThrowableOfType(UpgradeRefused.class, () -> FrameClient.connect(ingest.uri("ws", "/v1/ingest"), token)).status()).isEqualTo(401);
            assertThat(delivery.get("/v1/rooms/" + ROOM + "/history", "Authorization", "Bearer " + token).statusCode()).isEqualTo(401);
            try (var client = reader(TOKENS.token("ben-" + MARK))) {
                client.send(Frames.auth(1, token));
                assertThat(client.awaitClose()).isEqualTo((short) 4501);
            }
        }
        return List.of(foreign.split("\\.")[2], expired.split("\\.")[2]);
    }

    /** On every topic that anybody reads. */
    private static void undecodable() {
        Map<String, Object> config = new HashMap<>(kafka.mutual(SecuredKafka.ADMIN));
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            for (var topic : TOPICS.all()) {
                for (String value : List.of("{\"" + MARK + "\":\"" + MARK, MARK, "{\"text\":\"" + MARK + "\"}", "[\"" + MARK + "\"]")) {
                    producer.send(new ProducerRecord<>(topic.name(), 0, "key-" + MARK, value.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    /** Rights of the services' that nobody has used so far; those for what happens in a room besides messages are left out. */
    private static List<String> unused() {
        return RIGHTS.stream().filter(right -> SERVICES.contains(right.role()))
                .filter(right -> !Set.of("chat.room-signals", "chat.presence").contains(right.resource().name()))
                .flatMap(right -> right.operations().stream().filter(operation -> !isUsed(right, operation)).map(operation -> operation + " of " + right))
                .collect(Collectors.toList());
    }

    private static boolean isUsed(KafkaRight right, AclOperation operation) {
        return RecordingAuthorizer.asked().stream().anyMatch(asked -> asked.allowed() && asked.principal().equals(right.role().toString())
                && asked.operation() == operation && asked.resource().resourceType() == right.resource().resourceType()
                && (right.isPrefix() ? asked.resource().name().startsWith(right.resource().name()) : asked.resource().name().equals(right.resource().name())));
    }

    private static FrameClient reader(String token) {
        return FrameClient.connect(delivery.uri("ws", "/v1/delivery"), token);
    }

    private static JsonNode subscribed(FrameClient reader, String cursor) {
        var frame = Frames.of("subscribe", 40).put("room", ROOM);
        return reader.send(cursor == null ? frame : frame.put("cursor", cursor)).awaitReply(40);
    }

    private static String said(String text) {
        return text + " " + MARK;
    }

    private static JsonNode text(String text) {
        laneSeq++;
        return Frames.text("m" + laneSeq, ROOM, "session-" + MARK, laneSeq, said(text));
    }

    private static JsonNode image(String attachment) {
        var frame = Frames.image("i1", ROOM, "session-" + MARK, 1);
        frame.putArray("attachments").addObject().put("id", attachment);
        return frame;
    }

    private static String upload(String token) {
        var offer = json(ingest.post("/v1/attachments", "{\"room\":\"" + ROOM + "\",\"name\":\"" + MARK + ".png\",\"contentType\":\"image/png\",\"size\":3}",
                "Authorization", "Bearer " + token));
        var put = SecuredService.send(HttpRequest.newBuilder(URI.create(offer.get("uploadUrl").textValue())).header("Content-Type", "image/png").PUT(BodyPublishers.ofString("abc")));
        assertThat(put.statusCode()).isEqualTo(200);
        return offer.path("id").asText();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static long records(Topic<?> topic) {
        return new TopicReader(new HashMap<>(kafka.mutual(SecuredKafka.ADMIN))).committedRecords(topic).size();
    }

    private static void passWindow() {
        await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
    }
}
