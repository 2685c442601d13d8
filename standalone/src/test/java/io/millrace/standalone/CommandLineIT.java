package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RUN-1, RUN-2: what people type, against a running instance. */
class CommandLineIT {
    @TempDir
    private static Path data;

    private static Distribution millrace;

    @BeforeAll
    static void serve() {
        millrace = new Distribution(data);
        millrace.serve();
    }

    @AfterAll
    static void stop() {
        millrace.close();
    }

    @Test
    void sendsAndTails() {
        millrace.say(0, "send", "talk", "before", "--as", "ana");
        try (var tail = millrace.run("tail", "talk", "--from-seq", "1"); var live = millrace.run("tail", "talk", "--json")) {
            tail.awaitOutput("ana: before", Distribution.PATIENCE);
            org.awaitility.Awaitility.await().atMost(Distribution.PATIENCE).until(() -> live.errors().contains("following talk from #2"));
            assertThat(millrace.say(0, "send", "talk", "hello", "there", "--as", "bo")).contains("accepted").contains("synced in talk as #2");
            tail.awaitOutput("bo: hello there", Distribution.PATIENCE);
            live.awaitOutput("\"text\":\"hello there\"", Distribution.PATIENCE);
            assertThat(live.output()).doesNotContain("before");
        }
    }

    @Test
    void goesOnFromACursor() throws IOException {
        millrace.say(0, "send", "cursors", "one");
        String cursor;
        try (var tail = millrace.run("tail", "cursors", "--from-seq", "1", "--json")) {
            tail.awaitOutput("\"one\"", Distribution.PATIENCE);
            cursor = Json.MAPPER.readTree(tail.output().lines().findFirst().orElseThrow()).path("cursor").textValue();
        }
        millrace.say(0, "send", "cursors", "two");
        try (var tail = millrace.run("tail", "cursors", "--from-cursor", cursor)) {
            tail.awaitOutput("two", Distribution.PATIENCE);
            assertThat(tail.output()).doesNotContain("one");
        }
    }

    @Test
    void makesTokensThatTheServerTakes() {
        String token = millrace.say(0, "token", "ana", "--rooms", "{\"tokens\":[\"publish\"]}", "--expires", "1h").strip();
        assertThat(millrace.say(0, "send", "tokens", "allowed", "--token", token)).contains("synced");
        assertThat(millrace.say(1, "send", "other", "forbidden", "--token", token)).contains("refused: FORBIDDEN");
        assertThat(millrace.say(3, "send", "tokens", "x", "--token", token + "x")).contains("unable to send; the server refuses the socket (HTTP 401)");
    }

    @Test
    void answersABadTokenRequestWithAnErrorFrame() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = post("/dev/token", "{\"sub\":\"\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.MAPPER.readValue(answer.body(), ServerFrame.class)).isInstanceOfSatisfying(ServerFrame.Error.class,
                error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID));
        assertThat(post("/dev/token", "x".repeat(100_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void verifiesTheTopics() {
        assertThat(millrace.say(0, "topics", "verify")).contains("The topics are as they should be.");
        assertThat(millrace.say(1, "topics", "verify", "--partitions", "7")).contains("chat.room-log: partitions is 12, wanted 7").contains(" differences.");
    }

    @Test
    void tellsWhatIsWrongWithoutAStackTrace() {
        assertThat(millrace.say(2, "send", "no room", "text")).isEqualTo("unable to send; room must be 1 to 128 of A-Za-z0-9_.:-\n");
        assertThat(millrace.say(2, "frobnicate")).contains("Unmatched argument").doesNotContain("\tat ");
        assertThat(millrace.say(3, "send", "lobby", "text", "--url", "http://127.0.0.1:1", "--timeout", "2s")).contains("unable to send; ").hasLineCount(1);
        assertThat(millrace.say(3, "topics", "verify", "--bootstrap", "127.0.0.1:1")).contains("unable to ask 127.0.0.1:1").hasLineCount(1);
    }

    private static HttpResponse<byte[]> post(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(millrace.url() + path)).POST(BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    }
}
