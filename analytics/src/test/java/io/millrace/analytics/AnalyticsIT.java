package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.Distribution;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.Patience;
import io.millrace.testing.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One run of the whole pipeline: first the worked examples of docs/analytics.md, whose numbers are of their own data alone; then every kind of
 * frame, answer and record, held against the documents that this very instance publishes.
 */
@TestMethodOrder(OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalyticsIT {
    private static final String ROOM = "contract";
    private static final Topics TOPICS = Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @TempDir
    private static Path data;

    private OneWordHook hook;
    private Distribution millrace;
    private ChildProcess server;
    private Published published;

    @BeforeAll
    void serve() throws IOException {
        hook = new OneWordHook("refuse me");
        millrace = new Distribution(data.resolve("data"), Map.of("MILLRACE_SYNC_HOOK_URL", hook.url(),
                "MILLRACE_SYNC_HOOK_TIMEOUT", "1m", // a slow machine is no trouble of the hook
                "MILLRACE_DELIVERY_PING_INTERVAL", "3s"));
        server = millrace.serve();
        published = new Published(millrace.url());
    }

    @AfterAll
    void stop() {
        millrace.close();
        hook.close();
    }

    static List<WorkedExamples.Example> examples() {
        return WorkedExamples.of("docs/analytics.md");
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("TOP-1, TOP-3: what docs/analytics.md tells its reader to type, prints what stands there")
    void runsWhatTheDocumentSays(WorkedExamples.Example example) throws IOException, InterruptedException {
        if (example.command().contains("kcat")) {
            assumeThat(System.getenv("CI") != null || hasKcat()).as("kcat, which CI must have").isTrue();
        }
        Map<String, String> environment = new HashMap<>(millrace.environment());
        environment.putAll(Map.of("KAFKA", kafka(), "URL", millrace.url(), "OUT", Files.createDirectories(data.resolve("out")).toString()));
        WorkedExamples.check(example, environment);
    }

    @Order(2)
    @Test
    void theDocumentHasExamplesOfEveryKind() {
        assertThat(examples().stream().map(WorkedExamples.Example::command)).anyMatch(command -> command.contains("kafka-console-consumer"))
                .anyMatch(command -> command.contains("kcat")).anyMatch(command -> command.contains("RoomMinutes")).anyMatch(command -> command.contains("SyncReport"))
                .anyMatch(command -> command.contains("connect-standalone")).anyMatch(command -> command.contains("SELECT"));
    }

    @Order(3)
    @Test
    @DisplayName("TOP-2: every operation of OpenAPI is there, and its answers are as described, refusals too")
    void answersOverHttpAreAsDescribed() throws IOException, InterruptedException {
        var tour = new HttpTour(published, millrace.url());
        String token = tour.ask("POST", "/dev/token").body("{\"sub\":\"http\"}").answers(200).path("token").asText();
        String reader = tour.ask("POST", "/dev/token").body("{\"sub\":\"reader\",\"rooms\":{\"elsewhere\":[\"history\"]}}").answers(200).path("token").asText();
        tour.ask("POST", "/dev/token").body("{}").answers(400);
        messages(tour, token, reader);
        attachments(tour, token, reader);
        tour.ask("GET", "/q/health/ready").answers(200);
        tour.ask("GET", "/q/health/live").answers(200);
        tour.ask("GET", "/q/metrics").answers(200);
        assertThat(tour.unasked()).as("completing is for stores with presigned addresses").containsExactly("post /v1/attachments/{id}/complete");
        tour.ask("POST", "/v1/attachments/{id}/complete", "none").as(token).answers(404);
    }

    private static void messages(HttpTour tour, String token, String reader) throws IOException, InterruptedException {
        String path = "/v1/rooms/{room}/messages";
        String message = Frames.message("h1", ROOM, "s1", "hello").toString();
        tour.ask("POST", path, ROOM).as(token).header("traceparent", TRACE).body(message).answers(202);
        tour.ask("POST", path, ROOM).body(message).answers(401);
        tour.ask("POST", path, ROOM).as(reader).body(message).answers(403);
        tour.ask("POST", path, ROOM).as(token).body("{}").answers(400);
        tour.ask("POST", path, ROOM).as(token).body("x".repeat(70_000)).answers(413);
        tour.ask("GET", "/v1/sync/{id}", "nothing").as(token).answers(404);
        Patience.await().atMost(Distribution.PATIENCE).ignoreExceptions().untilAsserted(() ->
                tour.ask("GET", "/v1/sync/{id}", "h1").as(token).answers(200));
        String history = "/v1/rooms/{room}/history";
        Patience.await().atMost(Distribution.PATIENCE).untilAsserted(() -> // the view may come after the states
                assertThat(tour.ask("GET", history, ROOM, "?view=latest&limit=10").as(token).answers(200).path("items")).hasSize(1));
        tour.ask("GET", history, ROOM, "?after=0").as(token).answers(200);
        tour.ask("GET", history, "empty").as(token).answers(200);
        tour.ask("GET", history, ROOM, "?limit=0").as(token).answers(400);
        tour.ask("GET", history, ROOM, "?epoch=other").as(token).answers(410);
        tour.ask("GET", history, ROOM).as(reader).answers(403);
        tour.ask("GET", "/v1/rooms/{room}/continuity", ROOM).as(token).answers(200);
    }

    private static void attachments(HttpTour tour, String token, String reader) throws IOException, InterruptedException {
        String announcement = "{\"room\":\"" + ROOM + "\",\"name\":\"a.txt\",\"contentType\":\"text/plain\",\"size\":5}";
        JsonNode offer = tour.ask("POST", "/v1/attachments").as(token).body(announcement).answers(201);
        String id = offer.path("id").asText();
        String one = "/v1/attachments/{id}";
        tour.askAt("PUT", one + "/bytes", offer.path("uploadUrl").asText()).header("Content-Type", "image/png").body("12345").answers(400);
        tour.askAt("PUT", one + "/bytes", offer.path("uploadUrl").asText()).header("Content-Type", "text/plain").body("12345").answers(200);
        tour.ask("GET", one, id).as(token).answers(200);
        tour.ask("GET", one, id).as(token).header("Range", "bytes=1-2").answers(206);
        tour.ask("GET", one, id).as(token).header("Range", "bytes=9-").answers(416);
        tour.ask("GET", one, id).as(reader).answers(403);
        tour.ask("HEAD", one, id).as(token).answers(200);
        tour.ask("DELETE", one, id).as(token).answers(409);
        String abandoned = tour.ask("POST", "/v1/attachments").as(token).body(announcement).answers(201).path("id").asText();
        tour.ask("DELETE", one, abandoned).as(token).answers(204);
        tour.ask("POST", "/v1/attachments").as(token).body(announcement.replace("text/plain", "text/evil")).answers(400);
        tour.ask("POST", "/v1/attachments").as(token).body(announcement.replace("5}", "999999999}")).answers(413);
    }

    @Order(4)
    @Test
    @DisplayName("TOP-2, DEL-1: every frame a server sends is as described; a recorded replay's too")
    void framesAreAsDescribed() throws IOException {
        Path frames = data.resolve("frames");
        millrace.say(0, "replay", "--speed", "max", "--room-prefix", "recorded.", "--record", frames.toString());
        for (String socket : List.of("ingest", "delivery")) {
            var got = Files.readAllLines(frames.resolve(socket + ".jsonl")).stream().map(AnalyticsIT::json).map(line -> line.path("got")).filter(JsonNode::isObject).toList();
            assertThat(got).hasSizeGreaterThan(600);
            assertThat(got.stream().flatMap(frame -> published.complaintsOfFrame(socket, frame).stream())).isEmpty();
        }
        String token = millrace.say(0, "token", "frames").strip();
        try (var ingest = FrameClient.connect(socket("ingest"), token); var delivery = FrameClient.connect(socket("delivery"), token)) {
            talk(ingest, delivery, token);
            var seen = new TreeSet<String>();
            check("ingest", ingest, seen);
            check("delivery", delivery, seen);
            assertThat(seen).contains("hello", "accepted", "error", "ok", "pong", "subscribed", "message", "sync", "discontinuity", "heads", "history",
                    "presence", "typing", "reaction", "occupancy", "read");
        }
    }

    private static void talk(FrameClient ingest, FrameClient delivery, String token) {
        delivery.send(Frames.of("subscribe", 1).put("room", ROOM).put("cursor", "unreadable"));
        delivery.await("discontinuity");
        delivery.send(Frames.of("subscribe", 2).put("room", "empty"));
        ingest.send(Frames.text("f1", ROOM, "s1", 1, "first"));
        ingest.send(Frames.text("f2", ROOM, "s1", 2, "refuse me"));
        ingest.send(Frames.text("f3", ROOM, "s1", 3, "edited").put("action", "message.update").put("target", 1));
        ingest.send(Frames.text("f4", ROOM, "s1", 5, "skips ahead"));
        ingest.send(Frames.image("i1", ROOM, "s1", 1));
        ingest.send(Frames.auth(90, token)).send(Frames.ping(91)).send(Frames.of("nonsense", 92));
        ingest.awaitReply(90);
        ingest.awaitReply(92);
        delivery.awaitCount(3, frame -> frame.path("op").asText().equals("sync") && List.of("f1", "f2", "i1").contains(frame.path("id").asText()), "the fate of three");
        delivery.send(Frames.of("presence", 10).put("room", ROOM).put("action", "enter")).send(Frames.of("typing", 11).put("room", ROOM).put("active", true));
        delivery.send(Frames.of("reaction", 12).put("room", ROOM).put("name", "tada")).send(Frames.of("read", 13).put("room", ROOM).put("seq", 1));
        List.of(10, 11, 12, 13).forEach(delivery::awaitReply);
        List.of("reaction", "occupancy").forEach(delivery::await);
        delivery.await(frame -> frame.path("op").asText().equals("typing") && !frame.path("members").isEmpty(), "who types");
        delivery.await(frame -> frame.path("op").asText().equals("read") && !frame.path("positions").isEmpty(), "how far was read");
        delivery.await(frame -> frame.path("op").asText().equals("presence") && (frame.has("member") || !frame.path("members").isEmpty()), "who is present");
        delivery.send(Frames.of("history", 3).put("room", ROOM)).send(Frames.of("history", 4).put("room", ROOM).put("view", "latest"));
        delivery.send(Frames.of("sync.get", 5).set("ids", Json.MAPPER.createArrayNode().add("f1").add("unknown")));
        delivery.send(Frames.ping(6)).send(Frames.of("history", 7).put("room", "no room")).send(Frames.of("unsubscribe", 8).put("room", "empty"));
        List.of(3, 4, 6, 7, 8).forEach(delivery::awaitReply);
        delivery.await("heads");
    }

    private void check(String socket, FrameClient client, TreeSet<String> seen) {
        client.frames().forEach(frame -> seen.add(frame.path("op").asText()));
        assertThat(client.frames().stream().flatMap(frame -> published.complaintsOfFrame(socket, frame).stream())).isEmpty();
    }

    @Order(5)
    @Test
    @DisplayName("TOP-1: every record of every topic is as described: key, headers and value")
    void recordsAreAsDescribed() {
        var reader = new TopicReader(Map.of("bootstrap.servers", kafka()));
        for (Topic<?> topic : TOPICS.all()) {
            var records = Patience.await(topic.name()).until(() -> reader.committedRecords(topic).stream().filter(record -> record.value() != null).toList(), found -> !found.isEmpty());
            assertThat(records.stream().flatMap(record -> published.complaintsOfRecord(topic.name(), TextNode.valueOf(record.key()), headers(record), json(record.value())).stream()).limit(5))
                    .as(topic.name()).isEmpty();
        }
        assertThat(reader.committedRecords(TOPICS.roomLog()).stream().filter(record -> ROOM.equals(record.key())).map(record -> headers(record).path("traceparent").asText()))
                .as("trace context goes through the pipeline").contains(TRACE);
    }

    @Order(6)
    @Test
    @DisplayName("TOP-2: the pages under /docs show every frame, topic, operation and schema")
    void pagesShowTheDocuments() throws Exception {
        Chromium.require();
        assertThat(Chromium.text(millrace.url() + "/docs")).contains("Sockets", "Topics", "HTTP", "Schemas").doesNotContain("unable to");
        String sockets = Chromium.text(millrace.url() + "/docs/sockets.html");
        Stream.of("ingest", "delivery").flatMap(socket -> names(published.channel(socket).path("messages")).stream().map(name -> "id=\"" + socket + "." + name + "\""))
                .forEach(name -> assertThat(sockets).contains(name));
        String topics = Chromium.text(millrace.url() + "/docs/topics.html");
        assertThat(TOPICS.all()).allSatisfy(topic -> assertThat(topics).contains("id=\"" + topic.name() + "\"", topic.eventType()));
        String http = Chromium.text(millrace.url() + "/docs/http.html");
        published.paths().forEach(path -> path.forEach(operation -> assertThat(http).contains("id=\"" + operation.path("operationId").asText() + "\"")));
        String schemas = Chromium.text(millrace.url() + "/docs/schemas.html");
        try (Stream<Path> files = Files.list(Path.of("../message-contract/src/main/resources/io/millrace/contract/docs/schemas"))) {
            assertThat(files).isNotEmpty().allSatisfy(file -> {
                assertThat(schemas).contains(">" + file.getFileName() + "<");
                assertThat(published.read("schemas/" + file.getFileName())).isEqualTo(json(Files.readAllBytes(file)));
            });
        }
        assertThat(List.of(sockets, topics, http, schemas)).allSatisfy(page -> assertThat(page).doesNotContain("class=\"trouble\""));
    }

    @Order(7)
    @Test
    @DisplayName("DEL-9: the last frame is as described too")
    void goodbyeIsAsDescribed() {
        String token = millrace.say(0, "token", "frames").strip();
        try (var ingest = FrameClient.connect(socket("ingest"), token); var delivery = FrameClient.connect(socket("delivery"), token)) {
            ingest.await("hello");
            delivery.await("hello");
            server.terminate();
            ingest.awaitClose();
            delivery.awaitClose();
            var seen = new TreeSet<String>();
            check("ingest", ingest, seen);
            check("delivery", delivery, seen);
            assertThat(seen).contains("goodbye");
        }
    }

    private static boolean hasKcat() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
    }

    private String kafka() {
        return "127.0.0.1:" + millrace.environment().get("MILLRACE_KAFKA_PORT");
    }

    private URI socket(String service) {
        return URI.create(millrace.url().replace("http:", "ws:") + "/v1/" + service);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ObjectNode headers(ConsumerRecord<?, ?> record) {
        ObjectNode headers = Json.MAPPER.createObjectNode();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    private static JsonNode json(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + new String(bytes, StandardCharsets.UTF_8), e);
        }
    }
}
