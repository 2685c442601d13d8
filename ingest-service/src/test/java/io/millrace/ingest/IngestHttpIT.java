package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.json.Json;
import io.millrace.testing.DocumentedRoutes;
import io.millrace.testing.Frames;
import io.millrace.testing.LogWatch;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ING-1, ING-2, ERR-1, SEC-1, TOP-1: the HTTP side takes the same message and gives the same answers, and readiness says it can. */
@QuarkusTest
@QuarkusTestResource(value = IngestStage.class, restrictToAnnotatedClass = true)
class IngestHttpIT {
    private static final int MAX_BODY = 65_536;

    @TestHTTPResource("/")
    URI uri;
    @Inject
    Router router;
    TestKafka kafka;
    TestTokens tokens;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String sender = "ana-" + UUID.randomUUID();
    private LogWatch log;

    @BeforeEach
    void watchTheLog() {
        log = new LogWatch();
    }

    @AfterEach
    void end() {
        log.close();
        assertThat(log.stackTraces()).isEmpty();
    }

    @Test
    @DisplayName("TOP-2: every route is in the published documents")
    void everyRouteIsDescribed() {
        var routes = router.getRoutes().stream().filter(route -> route.getPath() != null && route.getPath().startsWith("/v1/"))
                .flatMap(route -> route.methods().stream().map(method -> method + " " + route.getPath())).toList();

        assertThat(routes).contains("GET /v1/ingest", "POST /v1/rooms/:room/messages", "PUT /v1/attachments/:id/bytes").allSatisfy(route -> assertThat(DocumentedRoutes.all()).contains(route));
    }

    @Test
    void answers202WithTheAcceptedFrameOnceTheRecordIsThere() throws Exception {
        var message = Frames.message("m1", "lobby", "script", "hello");
        message.remove("room");

        var answer = post("lobby", message.toString());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"op\":\"accepted\",\"id\":\"m1\",\"lane\":\"text\"}");
        var value = IngestStage.TOPICS.text().decode(kafka.records(IngestStage.TOPICS.text(), 1, record -> sender.equals(record.key())).get(0).value());
        assertThat(value.message().room()).isEqualTo("lobby");
        assertThat(value.message().laneSeq()).isNull();
    }

    @Test
    void keepsALaneSeqThatIsGivenAndTheTraceOfTheRequest() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var request = request("lobby", Frames.message("m1", "lobby", "script", "x").put("laneSeq", 4).toString()).header("traceparent", trace).build();

        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(json(answer).path("laneSeq").asLong()).isEqualTo(4);
        var record = kafka.records(IngestStage.TOPICS.text(), 1, found -> sender.equals(found.key())).get(0);
        assertThat(new String(record.headers().lastHeader("traceparent").value(), StandardCharsets.US_ASCII)).isEqualTo(trace);
    }

    @Test
    void appendsRequestsOfOneConnectionInTheOrderTheyWereAnswered() throws Exception {
        for (int i = 1; i <= 50; i++) {
            assertThat(post("lobby", Frames.message("m" + i, "lobby", "script", "x").toString()).statusCode()).isEqualTo(202);
        }

        assertThat(kafka.records(IngestStage.TOPICS.text(), 50, record -> sender.equals(record.key())))
                .extracting(record -> IngestStage.TOPICS.text().decode(record.value()).message().id())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).mapToObj(n -> "m" + n).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "\"\"|400|BAD_FRAME", "{|400|BAD_FRAME", "[]|400|BAD_FRAME", "{}|400|INVALID", "{'id':'m1','session':'s1','type':'text'}|400|INVALID",
            "{'id':'m1','session':'s1','type':'text','text':'x','room':'hall'}|400|INVALID", "{'id':'m1','session':'s1','type':'text','text':'x','laneSeq':'1'}|400|INVALID"})
    void answersBadBodiesWith400AndTheErrorFrame(String body, int status, String code) throws Exception {
        var answer = post("lobby", body.replace('\'', '"'));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("code").asText()).isEqualTo(code);
    }

    @Test
    void answersARoomThatCannotBeWith400() throws Exception {
        assertThat(post("lob%20by", Frames.message("m1", "lobby", "s1", "x").without("room").toString()).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"1,413", "200000,413", "5000000,413", "0,202"})
    void answersTooLongBodiesWith413(int beyond, int status) throws Exception {
        String empty = Frames.message("m1", "lobby", "s1", "").toString();
        String body = empty.replace("\"text\":\"\"", "\"text\":\"" + "x".repeat(MAX_BODY + beyond - empty.length()) + "\"");

        var answer = post("lobby", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("op").asText()).isEqualTo(status == 413 ? "error" : "accepted");
    }

    @Test
    void answers401And403() throws Exception {
        var stranger = HttpRequest.newBuilder(uri.resolve("/v1/rooms/lobby/messages")).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        String reader = tokens.token(sender, Map.of("lobby", List.of("subscribe")));
        var forbidden = HttpRequest.newBuilder(uri.resolve("/v1/rooms/lobby/messages")).header("Authorization", "Bearer " + reader)
                .POST(HttpRequest.BodyPublishers.ofString(Frames.message("m1", "lobby", "s1", "x").toString())).build();

        assertThat(http.send(stranger, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        var answer = http.send(forbidden, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).path("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(json(answer).path("id").asText()).isEqualTo("m1");
    }

    @Test
    void isReadyAndAlive() throws Exception {
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(String room, String body) throws IOException, InterruptedException {
        return http.send(request(room, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String room, String body) {
        return HttpRequest.newBuilder(uri.resolve("/v1/rooms/" + room + "/messages")).timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + tokens.token(sender)).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(answer.body());
    }
}
