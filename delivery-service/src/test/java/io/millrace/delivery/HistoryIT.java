package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.guarantee.RoomTranscript;
import io.millrace.testing.Frames;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** HIS-1, HIS-2, HIS-3, HIS-5: pages of a room's log over the socket and over HTTP. */
@QuarkusTest
@QuarkusTestResource(DeliveryResource.class)
class HistoryIT extends DeliveryCase {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void historyBeforeTheAttachPointMeetsTheLiveStream() {
        String room = room();
        world.writer().write(room, 1, 30);
        awaitHead(room, 30);
        var client = connect("ana");
        long attach = subscribe(client, room, null).get("seq").asLong();
        world.writer().write(room, 31, 35);

        client.send(Frames.of("history", 2).put("room", room).put("before", attach + 1).put("limit", 10).put("view", "log"));

        JsonNode page = client.awaitReply(2);
        assertThat(page.get("op").asText()).isEqualTo("history");
        assertThat(page.findValuesAsText("seq")).containsExactly("30", "29", "28", "27", "26", "25", "24", "23", "22", "21");
        assertThat(page.at("/next/before").asLong()).isEqualTo(21);
        assertThat(page.get("complete").asBoolean()).isFalse();
        assertThat(client.awaitCount(5, "message").get(0).get("seq").asLong()).isEqualTo(31);
    }

    @Test
    @DisplayName("HIS-2: a view that lags behind what was sent live is waited for: the page is whole, or there is an error, never a short one")
    void waitsForAViewThatLagsBehindTheLiveStream() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 2).begin().append(room, 3, 6).flush();
        client.awaitCount(6, "message"); // live readers do not wait for the commit, the view does

        client.send(Frames.of("history", 2).put("room", room).put("before", 7).put("limit", 10));
        JsonNode late = client.awaitReply(2);
        client.send(Frames.of("history", 3).put("room", room).put("before", 7).put("limit", 10)).send(Frames.of("ping", 4));
        client.awaitReply(4);
        boolean answeredEarly = client.frames().stream().anyMatch(frame -> frame.path("ref").asLong() == 3);
        world.writer().commit();
        JsonNode page = client.awaitReply(3);

        assertThat(late.get("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(late.get("retryable").asBoolean()).isTrue();
        assertThat(answeredEarly).isFalse();
        assertThat(page.findValuesAsText("seq")).containsExactly("6", "5", "4", "3", "2", "1");
        assertThat(page.get("complete").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("HIS-3: messages before the attach point have every change up to it; later ones come live, told apart by version")
    void latestMeetsTheLiveStream() {
        String room = room();
        var client = connect("ana");
        long attach = subscribe(client, room, null).get("seq").asLong();
        world.writer().write(room, 1, 3).begin().append(room, RoomLogWriter.epoch(room), 4, Action.UPDATE, 1L, "edited")
                .append(room, RoomLogWriter.epoch(room), 5, Action.DELETE, 2L, null).commit();
        client.awaitCount(5, "message");

        client.send(Frames.of("history", 2).put("room", room).put("before", 3).put("limit", 10).put("view", "latest"));
        JsonNode page = client.awaitReply(2);

        assertThat(attach).isZero();
        assertThat(page.get("items").findValuesAsText("version")).containsExactly("5", "4");
        assertThat(page.at("/items/0/seq").asLong()).isEqualTo(2);
        assertThat(page.at("/items/0/deleted").asBoolean()).isTrue();
        assertThat(page.at("/items/0/entry").has("text")).isFalse();
        assertThat(page.at("/items/1/seq").asLong()).isEqualTo(1);
        assertThat(page.at("/items/1/entry/text").asText()).isEqualTo("edited");
        assertThat(page.at("/items/1/changed/seq").asLong()).isEqualTo(4);
        assertThat(page.at("/items/1").has("deleted")).isFalse();
        assertThat(page.get("complete").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("HIS-3: view latest over HTTP, page by page")
    void answersLatestOverHttp() throws Exception {
        String room = room();
        world.writer().write(room, 1, 3).begin().append(room, RoomLogWriter.epoch(room), 4, Action.UPDATE, 1L, "edited").commit();
        awaitHead(room, 4);

        JsonNode newest = json(history(room, "?view=latest&limit=2"));
        JsonNode rest = json(history(room, "?view=latest&limit=2&before=" + newest.at("/next/before").asLong()));

        assertThat(newest.get("items").findValuesAsText("seq")).containsExactly("3", "2");
        assertThat(rest.at("/items/0/entry/text").asText()).isEqualTo("edited");
        assertThat(rest.get("complete").asBoolean()).isTrue();
        assertThat(history(room, "?view=newest").statusCode()).isEqualTo(400);
    }

    @Test
    void answersHistoryOverHttpLikeOnTheSocket() throws Exception {
        String room = room();
        world.writer().write(room, 1, 12);
        awaitHead(room, 12);
        var client = connect("ana");
        subscribe(client, room, null);

        HttpResponse<String> oldest = history(room, "?after=0&limit=5");
        HttpResponse<String> newest = history(room, "?limit=5");
        client.send(Frames.of("history", 1).put("room", room).put("limit", 5));

        assertThat(json(oldest).findValuesAsText("seq")).containsExactly("1", "2", "3", "4", "5");
        assertThat(json(oldest).at("/next/after").asLong()).isEqualTo(5);
        assertThat(json(newest).get("items")).isEqualTo(client.awaitReply(1).get("items"));
        assertThat(history(room, "?after=10&limit=5").body()).contains("\"complete\":true").doesNotContain("next");
        assertThat(history(room, "?before=x").statusCode()).isEqualTo(400);
        assertThat(history(room, "?limit=0").statusCode()).isEqualTo(400);
        assertThat(history(room, "?epoch=another").statusCode()).isEqualTo(410);
        assertThat(history("a%20b", "").statusCode()).isEqualTo(400);
        assertThat(HTTP.send(HttpRequest.newBuilder(historyUri(room, "")).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    @Test
    void historyCursorsResume() throws Exception {
        String room = room();
        world.writer().write(room, 1, 9);
        awaitHead(room, 9);
        String cursor = json(history(room, "?after=0&limit=4")).at("/items/3/cursor").asText();

        var client = connect("ana");
        JsonNode subscribed = subscribe(client, room, cursor);

        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        client.awaitCount(5, "message");
        assertThat(RoomTranscript.of(room, client.frames()).seqs()).containsExactly(5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void namesTheOldestSeqLeftToAnAnchorOlderThanRetention() throws Exception {
        String room = room();
        world.writer().write(room, 1, 20);
        await().untilAsserted(() -> assertThat(history(room, "?after=0&limit=20").body()).contains("\"seq\":20,"));
        world.view().trim(room, 15);

        JsonNode page = json(history(room, "?after=3&limit=5"));

        assertThat(page.get("trimmedBefore").asLong()).isEqualTo(15);
        assertThat(page.at("/items/0/seq").asLong()).isEqualTo(15);
        assertThat(json(history(room, "?before=18&limit=5")).has("trimmedBefore")).isFalse();
        assertThat(json(history(room, "?before=9&limit=5")).get("trimmedBefore").asLong()).isEqualTo(15);
    }

    private HttpResponse<String> history(String room, String query) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(historyUri(room, query)).header("Authorization", "Bearer " + world.tokens().token("ana")).build(),
                BodyHandlers.ofString());
    }

    private URI historyUri(String room, String query) {
        return URI.create("http://127.0.0.1:" + delivery.getPort() + "/v1/rooms/" + room + "/history" + query);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.MAPPER.readTree(response.body());
    }
}
