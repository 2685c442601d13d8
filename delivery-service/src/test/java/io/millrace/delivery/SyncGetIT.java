package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.testing.DocumentedRoutes;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.Patience;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SYN-11: a sender is told what became of its messages, over the socket and over HTTP. */
@QuarkusTest
@QuarkusTestResource(DeliveryResource.class)
class SyncGetIT extends DeliveryCase {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Inject
    Router router;

    @Test
    @DisplayName("TOP-2: every route is in the published documents")
    void everyRouteIsDescribed() {
        var routes = router.getRoutes().stream().filter(route -> route.getPath() != null && route.getPath().startsWith("/v1/"))
                .flatMap(route -> route.methods().stream().map(method -> method + " " + route.getPath())).toList();

        assertThat(routes).contains("GET /v1/delivery", "GET /v1/rooms/:room/history", "GET /v1/sync/:id").allSatisfy(route -> assertThat(DocumentedRoutes.all()).contains(route));
    }

    @Test
    @DisplayName("SYN-11: a sync frame for each state, all with the ref, then ok with what is unknown; one state for each room")
    void tellsEachStateThenWhatIsUnknown() {
        String ana = sender();
        write(ana, event("m1", "lobby", 7), event("m2", "lobby", 8), event("m2", "garden", 1));
        var client = connect(ana);

        // where the partition is followed already, an answer may speak of a time before the events: they come live then
        String ref = Patience.await().until(() -> answered(client, "m1", "m2", "nowhere", "m1"), asked -> asked.get("unknown").equals(Json.MAPPER.createArrayNode().add("nowhere")))
                .get("ref").asText();

        assertThat(client.frames("sync")).filteredOn(sync -> sync.path("ref").asText().equals(ref))
                .extracting(sync -> sync.get("id").asText() + " " + sync.get("room").asText() + " " + sync.get("state").asText() + " " + sync.get("seq"))
                .containsExactlyInAnyOrder("m1 lobby synced 7", "m2 lobby synced 8", "m2 garden synced 1");
    }

    /** The end of an answer, all of whose states came before it. */
    private static JsonNode answered(FrameClient client, String... ids) {
        String ref = UUID.randomUUID().toString();
        client.send(get(ref, ids));
        return client.await(frame -> frame.path("op").asText().equals("ok") && frame.path("ref").asText().equals(ref), "the end of the states");
    }

    @Test
    @DisplayName("SYN-11: what the answer does not have yet comes as a sync frame of its own: nothing falls between")
    void losesNoEventBetweenAnswerAndStream() {
        for (int round = 0; round < 20; round++) {
            String ana = sender();
            write(ana, event("m1", "lobby", 1)); // committed just before, perhaps not in the store yet
            var client = connect(ana);
            client.send(get("a", "m1"));
            JsonNode ok = client.await(frame -> frame.path("op").asText().equals("ok"), "the answer");
            if (!ok.get("unknown").isEmpty()) {
                client.await("sync");
            }
            assertThat(client.frames("sync")).isNotEmpty();
        }
    }

    @Test
    @DisplayName("SYN-11: nobody is told of another sender's messages")
    void tellsNobodyOfAnothersMessages() {
        String ana = sender();
        write(ana, event("m1", "lobby", 1));
        var stranger = connect(sender());

        stranger.send(get("a", "m1"));

        assertThat(stranger.await("ok").get("unknown")).hasSize(1);
        assertThat(stranger.frames("sync")).isEmpty();
    }

    @Test
    @DisplayName("SYN-11: 1 to 100 ids; the connection goes on")
    void refusesTooManyIds() {
        var client = connect(sender());

        client.send(get("many", ids(101))).send(get("none")).send(get("bad", "a b")).send(get("most", ids(100)));

        for (String ref : new String[] {"many", "none", "bad"}) {
            assertThat(reply(client.await(frame -> frame.path("ref").asText().equals(ref), ref))).isEqualTo("error INVALID");
        }
        assertThat(client.await("ok").get("unknown")).hasSize(100);
        assertThat(client.await("hello").at("/limits/syncIds").asInt()).isEqualTo(100);
    }

    @Test
    @DisplayName("SYN-11: while the store cannot be asked the answer is UNAVAILABLE, and the next one is right again")
    void saysThatItCannotAskNow() throws Exception {
        String ana = sender();
        write(ana, event("m1", "lobby", 1));
        var client = connect(ana);
        client.await("hello");

        world.view().answer(false);
        try {
            client.send(get("a", "m1"));
            JsonNode error = client.await("error");
            assertThat(error.get("ref").asText() + " " + error.get("code").asText() + " " + error.get("retryable")).isEqualTo("a UNAVAILABLE true");
            assertThat(http(ana, "m1").statusCode()).isEqualTo(503);
        } finally {
            world.view().answer(true);
        }
        Patience.await().until(() -> answered(client, "m1").get("unknown").isEmpty());
    }

    @Test
    @DisplayName("SYN-11: GET /v1/sync/{id} answers the states, 404 for what is unknown or another's, 400 and 401 like everywhere")
    void answersOverHttp() throws Exception {
        String ana = sender();
        write(ana, event("m1", "lobby", 7));

        Patience.await().untilAsserted(() -> assertThat(http(ana, "m1").statusCode()).isEqualTo(200)); // HTTP follows nothing
        JsonNode body = Json.MAPPER.readTree(http(ana, "m1").body());
        assertThat(body.get("states")).hasSize(1);
        assertThat(body.at("/states/0/state").asText()).isEqualTo("synced");
        assertThat(body.at("/states/0/seq").asLong()).isEqualTo(7);
        HttpResponse<String> unknown = http(sender(), "m1");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Json.MAPPER.readTree(unknown.body()).get("op").asText()).isEqualTo("error");
        assertThat(http(ana, "a%20b").statusCode()).isEqualTo(400);
        assertThat(HTTP.send(HttpRequest.newBuilder(uri("m1")).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    private void write(String sender, SyncEvent... events) {
        var writer = world.writer().begin();
        for (var event : events) {
            writer.append(sender, event);
        }
        writer.commit();
    }

    private static SyncEvent event(String id, String room, long seq) {
        return new SyncEvent(id, room, "s1", Lane.TEXT, 1L, SyncState.SYNCED, 1, 4, null, null, "e", seq, Instant.now());
    }

    private static JsonNode get(String ref, String... ids) {
        var frame = Json.MAPPER.createObjectNode().put("op", "sync.get").put("ref", ref);
        var asked = frame.putArray("ids");
        for (String id : ids) {
            asked.add(id);
        }
        return frame;
    }

    private static String[] ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new);
    }

    private static String reply(JsonNode frame) {
        return frame.path("op").asText() + " " + frame.path("code").asText();
    }

    private static String sender() {
        return "sender/" + UUID.randomUUID(); // a name that must be escaped in an address
    }

    private HttpResponse<String> http(String sender, String id) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(id)).header("Authorization", "Bearer " + world.tokens().token(sender)).build(), BodyHandlers.ofString());
    }

    private URI uri(String id) {
        return URI.create("http://127.0.0.1:" + delivery.getPort() + "/v1/sync/" + id);
    }
}
