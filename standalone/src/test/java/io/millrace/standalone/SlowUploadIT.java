package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.testing.FrameClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SYN-1, SYN-4, SYN-5, SYN-7, ING-9 from end to end: what a slow upload holds up, and what it does not. */
class SlowUploadIT {
    private static final String ROOM = "gallery";
    private static final byte[] PICTURE = new byte[200_000];

    @TempDir
    private static Path data;

    private static Distribution millrace;
    private final HttpClient http = HttpClient.newHttpClient();

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
    @DisplayName("SYN-5: texts pass an image whose bytes trickle in, later images wait for it, and nobody else is held")
    void letsTextsPassAnImageThatIsStillUploading() throws Exception {
        String ana = token("ana");
        String ben = token("ben");
        JsonNode first = announced(ana);
        JsonNode second = announced(ana);
        JsonNode third = announced(ana);
        upload(second);
        upload(third);
        try (var reader = subscribed(ana); var anaSends = FrameClient.connect(socket("ingest"), ana); var benSends = FrameClient.connect(socket("ingest"), ben);
                var slow = new Socket("127.0.0.1", URI.create(millrace.url()).getPort())) {
            slow.getOutputStream().write(putHead(first));
            slow.getOutputStream().write(PICTURE, 0, PICTURE.length / 2);
            anaSends.sendJoined(List.of(text("Text1", 1), image("Image1", 1, first), image("Image2", 2, second), text("Text2", 2), text("Text3", 3), image("Image3", 3, third)));
            reader.await(frame -> isSync(frame, "Image1", "uploading"), "Image1 uploading");
            reader.awaitCount(3, frame -> isEntryOf(frame, "ana"), "ana's texts");
            benSends.sendJoined(List.of(text("BensText", 1), image("BensImage", 1, null)));
            reader.awaitCount(2, frame -> isEntryOf(frame, "ben"), "what ben sends");
            assertThat(entriesOf(reader, "ana")).containsExactly("Text1", "Text2", "Text3");

            slow.getOutputStream().write(PICTURE, PICTURE.length / 2, PICTURE.length - PICTURE.length / 2);
            assertThat(statusLine(slow)).contains(" 200 ");
            reader.await(frame -> isSync(frame, "Image3", "synced"), "Image3 synced");
            reader.awaitCount(6, frame -> isEntryOf(frame, "ana"), "all that ana sent");
            assertThat(entriesOf(reader, "ana")).containsExactly("Text1", "Text2", "Text3", "Image1", "Image2", "Image3");
            assertThat(states(reader, "Image1")).containsExactly("uploading", "synced");
            assertThat(states(reader, "Image2")).containsExactly("synced");
            assertThat(states(reader, "Text1")).containsExactly("synced");
        }
    }

    private static FrameClient subscribed(String token) {
        var reader = FrameClient.connect(socket("delivery"), token).send(Map.of("op", "subscribe", "ref", 1, "room", ROOM));
        reader.await("subscribed");
        return reader;
    }

    private static boolean isEntryOf(JsonNode frame, String sender) {
        return frame.path("op").asText().equals("message") && frame.at("/entry/sender").asText().equals(sender);
    }

    private static boolean isSync(JsonNode frame, String id, String state) {
        return frame.path("op").asText().equals("sync") && frame.path("id").asText().equals(id) && frame.path("state").asText().equals(state);
    }

    private static List<String> entriesOf(FrameClient reader, String sender) {
        return reader.frames("message").stream().filter(frame -> isEntryOf(frame, sender)).map(frame -> frame.at("/entry/text").asText()).toList();
    }

    private static List<String> states(FrameClient reader, String id) {
        return reader.frames("sync").stream().filter(frame -> frame.path("id").asText().equals(id)).map(frame -> frame.path("state").asText()).toList();
    }

    private static Map<String, Object> text(String name, int laneSeq) {
        return message(name, laneSeq, "text", null);
    }

    private static Map<String, Object> image(String name, int laneSeq, JsonNode offer) {
        return message(name, laneSeq, "image", offer);
    }

    private static Map<String, Object> message(String name, int laneSeq, String type, JsonNode offer) {
        return Map.of("op", "send", "ref", laneSeq, "id", name, "room", ROOM, "session", "s1", "laneSeq", laneSeq, "action", "message.create", "type", type, "text", name,
                "attachments", offer == null ? List.of() : List.of(Map.of("id", offer.path("id").asText())));
    }

    private JsonNode announced(String token) throws IOException, InterruptedException {
        return post("/v1/attachments", token, Map.of("room", ROOM, "contentType", "image/png", "size", PICTURE.length), 201);
    }

    private void upload(JsonNode offer) throws IOException, InterruptedException {
        var put = HttpRequest.newBuilder(URI.create(offer.path("uploadUrl").asText())).header("Content-Type", "image/png").PUT(BodyPublishers.ofByteArray(PICTURE)).build();
        assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    private static byte[] putHead(JsonNode offer) {
        var address = URI.create(offer.path("uploadUrl").asText());
        return ("PUT " + address.getRawPath() + "?" + address.getRawQuery() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\nContent-Type: image/png\r\nContent-Length: "
                + PICTURE.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String statusLine(Socket socket) throws IOException {
        socket.setSoTimeout((int) FrameClient.PATIENCE.toMillis());
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private String token(String sender) throws IOException, InterruptedException {
        return post("/dev/token", null, Map.of("sub", sender), 200).path("token").asText();
    }

    private JsonNode post(String path, String token, Map<String, ?> body, int status) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(millrace.url() + path)).POST(BodyPublishers.ofByteArray(Json.bytes(body)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = http.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        return Json.MAPPER.readTree(answer.body());
    }

    private static URI socket(String service) {
        return URI.create(millrace.url().replace("http:", "ws:") + "/v1/" + service);
    }
}
