package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
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
            Patience.await().atMost(Distribution.PATIENCE).until(() -> live.errors().contains("following talk from #2"));
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
    @DisplayName("SEC-4: the rights of every program are printed, and a cluster that asks for more than an address is reached")
    void printsRightsAndTakesClientProperties(@TempDir Path files) throws IOException {
        assertThat(millrace.say(0, "topics", "rights", "--prefix", "a.", "--application-prefix", "b-"))
                .contains("--allow-principal 'User:ingest' --operation Write --operation DescribeConfigs --topic 'a.messages.text' --resource-pattern-type literal\n")
                .contains("--allow-principal 'User:streams' --operation Write --transactional-id 'b-room-sequencer-' --resource-pattern-type prefixed\n");

        Path tls = Files.writeString(files.resolve("client.properties"), "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=none\n");
        for (var command : List.of(List.of("topics", "verify"), List.of("check"), List.of("failures", "list"))) {
            var with = Stream.concat(command.stream(), Stream.of("--kafka-config", tls.toString())).toArray(String[]::new);
            assertThat(millrace.say(3, with)).as("what it cannot do with these properties").startsWith("unable to ").hasLineCount(1);
        }
        assertThat(millrace.say(3, "topics", "verify", "--kafka-config", "missing.properties")).isEqualTo("unable to read missing.properties; NoSuchFileException\n");
    }

    @Test
    void findsNothingWrongWithItself() {
        assertThat(millrace.say(0, "doctor", "--service", millrace.url())).contains("✓ connection: ", "✓ topics: ", "✓ rights of streams: as needed",
                "✓ group millrace-room-sequencer: ", "✓ transactions: none is open", "✓ service " + millrace.url() + ": alive and ready", " clock: right to 2 s").doesNotContain("✗");
    }

    @Test
    @DisplayName("SYN-8: failures are listed, shown whole, and sent again under a new id as what their sender may do")
    void listsShowsAndResendsFailures() throws IOException, InterruptedException {
        fail("edit-1", "zoe", "fails", "\"action\":\"message.update\",\"target\":1,\"text\":\"better\"");
        fail("edit-2", "yan", "fails", "\"action\":\"message.delete\",\"target\":1");
        assertThat(millrace.say(0, "failures", "list", "--room", "fails")).contains("WHEN").contains("edit-1").contains("TARGET_UNKNOWN");
        assertThat(millrace.say(0, "failures", "list", "--room", "fails", "--sender", "zoe", "--json")).contains("\"id\":\"edit-1\"").hasLineCount(1);
        assertThat(millrace.say(0, "failures", "show", "edit-1")).contains("TARGET_UNKNOWN", "unable to change seq 1", "\"better\"");

        millrace.say(0, "send", "fails", "original", "--as", "zoe");
        assertThat(millrace.say(0, "failures", "resend", "edit-1")).contains("edit-1 as again-").contains("synced in fails as #2");
        assertThat(millrace.say(0, "failures", "resend", "edit-1")).as("twice is once").contains("synced in fails as #2");
        assertThat(millrace.say(1, "failures", "resend", "--code", "TARGET_UNKNOWN", "--since", "1h", "--sender", "yan")).contains("edit-2 as again-").contains("failed again: FORBIDDEN");
        assertThat(millrace.say(1, "failures", "resend", "edit-2")).as("in its last shape").startsWith("again-").contains("failed again: FORBIDDEN");
        assertThat(millrace.say(3, "failures", "resend", "edit-1", "--token", millrace.say(0, "token", "yan").strip())).contains("the token is not that of zoe");
    }

    @Test
    @DisplayName("SYN-8: what nothing could decode is listed and shown, and cannot be sent again")
    void tellsOfRecordsNothingCouldDecode() throws Exception {
        try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + millrace.environment().get("MILLRACE_KAFKA_PORT")),
                new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("chat.messages.text", "xander", "no message")).get();
        }
        Patience.await().atMost(Distribution.PATIENCE).until(() -> millrace.say(0, "failures", "list", "--code", "UNDECODABLE").contains("xander"));
        String id = millrace.say(0, "failures", "list", "--code", "UNDECODABLE").lines().skip(1).findFirst().orElseThrow().split(" +")[4];
        assertThat(millrace.say(0, "failures", "show", id)).contains("no message", "it cannot be sent again");
        assertThat(millrace.say(1, "failures", "resend", id)).contains("unable to send " + id + " again; nothing could decode it");
    }

    @Test
    void tellsWhatIsWrongWithFailureCommandsInALine() {
        assertThat(millrace.say(0, "failures", "list", "--sender", "nobody")).isEqualTo("No failures.\n");
        assertThat(millrace.say(1, "failures", "show", "nothing")).isEqualTo("unable to show nothing; no such failure is kept\n");
        assertThat(millrace.say(3, "failures", "resend", "nothing")).isEqualTo("unable to send nothing again; no such failure is kept\n");
        assertThat(millrace.say(2, "failures", "list", "--code", "NONE")).contains("--code must be one of ");
        assertThat(millrace.say(2, "failures", "resend", "--code", "REFUSED")).contains("name the messages by id, or select them with --code and --since");
        assertThat(millrace.say(3, "failures", "list", "--bootstrap", "127.0.0.1:1")).contains("unable to read chat.failures at 127.0.0.1:1").hasLineCount(1);
    }

    /** Sends a message over HTTP that is accepted and then fails. */
    private static void fail(String id, String sender, String room, String content) throws IOException, InterruptedException {
        String token = millrace.say(0, "token", sender, "--rooms", "{\"*\":[\"publish\"]}").strip();
        String body = "{\"id\":\"" + id + "\",\"session\":\"s1\",\"type\":\"text\"," + content + "}";
        var request = HttpRequest.newBuilder(URI.create(millrace.url() + "/v1/rooms/" + room + "/messages")).header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body)).build();
        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
        var state = HttpRequest.newBuilder(URI.create(millrace.url() + "/v1/sync/" + id)).header("Authorization", "Bearer " + token).build();
        Patience.await().atMost(Distribution.PATIENCE).until(() ->
                HttpClient.newHttpClient().send(state, BodyHandlers.ofString()).body().contains("\"state\":\"failed\"")); // SYN-11
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
