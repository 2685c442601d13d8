package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.topic.Topics;
import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.Position;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import io.millrace.guarantee.RoomTranscript;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1..8, DEL-8: every cursor is judged, every loss is told with its exact range and recorded, against a real broker. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "millrace.delivery.replay-limit", value = "50"),
        @ResourceArg(name = "millrace.delivery.ping-interval", value = "1500ms"),
        @ResourceArg(name = "millrace.delivery.release-after", value = "200ms"),
        @ResourceArg(name = "millrace.delivery.backlog", value = "8K"),
        @ResourceArg(name = "millrace.delivery.tail", value = "16K")})
class ContinuityIT extends DeliveryCase {

    @Test
    void tellsTheWholeMissedRangeWhenTheWindowIsOverAndGoesOnLive() {
        String room = room();
        String cursor = cursorAt(room, 3);
        world.writer().at(Instant.now().minus(Duration.ofMinutes(3))).write(room, 4, 9).at(Instant.now()).write(room, 10, 11);
        awaitHead(room, 11);

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);
        JsonNode gap = back.await("discontinuity");
        world.writer().write(room, 12, 12);

        assertThat(subscribed.get("resumed").asBoolean()).isFalse();
        assertThat(subscribed.get("seq").asLong()).isEqualTo(11);
        assertGap(gap, "WINDOW_EXPIRED", 4, 11, true, 1);
        assertThat(back.await("message").get("seq").asLong()).isEqualTo(12);
        assertThat(back.frames("message")).hasSize(1);
    }

    @Test
    void recordsEachDiscontinuityWithItsSender() {
        String room = room();
        String cursor = cursorAt(room, 1);
        world.writer().write(room, 2, 60);
        awaitHead(room, 60);

        var back = connect("bea");
        subscribe(back, room, cursor);

        assertGap(back.await("discontinuity"), "BACKLOG_LIMIT", 2, 60, true, 1);
        var record = world.kafka().records(world.topics().discontinuities(), 1, found -> room.equals(found.key())).get(0);
        Discontinuity recorded = world.topics().discontinuities().decode(record.value());
        assertThat(recorded.sender()).isEqualTo("bea");
        assertThat(recorded.lost()).isEqualTo(59);
        assertThat(new String(record.headers().lastHeader("ce_type").value())).isEqualTo("io.millrace.room.discontinuity");
    }

    @Test
    void replaysAsManyEntriesAsTheLimitAllows() {
        String room = room();
        String cursor = cursorAt(room, 1);
        world.writer().write(room, 2, 51);
        awaitHead(room, 51);

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);

        back.awaitCount(50, "message");
        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NothingLost(2, 51), new NoDuplicates(), new Ordered());
    }

    @Test
    void callsACursorUnknownThatIsGarbageOrAnotherRooms() {
        String room = room();
        String other = room();
        world.writer().write(room, 1, 4).write(other, 1, 2);
        awaitHead(room, 4);
        String foreign = subscribe(connect("ana"), other, null).get("cursor").asText();
        var client = connect("ana");

        subscribe(client, room, "no cursor at all");
        assertGap(client.await("discontinuity"), "CURSOR_UNKNOWN", 1, 4, true, 1);
        subscribe(client, room, foreign);
        assertThat(client.awaitCount(2, "discontinuity").get(1).get("reason").asText()).isEqualTo("CURSOR_UNKNOWN");
    }

    @Test
    void missesNothingInAnEmptyRoomWhateverTheCursor() {
        var client = connect("ana");

        assertThat(subscribe(client, room(), "garbage").get("resumed").asBoolean()).isTrue();
        assertThat(client.frames("discontinuity")).isEmpty();
    }

    @Test
    void judgesCursorsOfAnotherTopicPartitionOrEpoch() {
        String room = room();
        Cursor real = CursorCodec.decode(room, cursorAt(room, 5)).orElseThrow();
        var client = connect("ana");

        assertReason(client, room, new Cursor(UUID.randomUUID(), real.partition(), real.offset(), real.leaderEpoch(), real.position()), "STREAM_RECREATED");
        assertReason(client, room, new Cursor(real.topicId(), real.partition() + 1, real.offset(), real.leaderEpoch(), real.position()), "REPARTITIONED");
        assertReason(client, room, new Cursor(real.topicId(), real.partition(), 0, real.leaderEpoch(), new Position("another", 5)), "STREAM_RECREATED");
        assertThat(subscribe(client, room, CursorCodec.encode(room, real)).get("resumed").asBoolean()).isTrue();
    }

    @Test
    void tellsWhatRetentionTook() {
        String room = room();
        String cursor = cursorAt(room, 2);
        world.writer().write(room, 3, 9);
        awaitHead(room, 9);
        world.view().trim(room, 8);
        fillTail(room);

        var back = connect("ana");
        subscribe(back, room, cursor);

        assertGap(back.await("discontinuity"), "RETENTION_EXPIRED", 3, 9, false, 8);
    }

    @Test
    void tellsWhatWasDeletedFromTheLogPastTheCursor() throws Exception {
        String room = room();
        String cursor = cursorAt(room, 2);
        world.writer().write(room, 3, 9);
        awaitHead(room, 9);
        var eighth = world.kafka().records(world.topics().roomLog(), 1, record -> room.equals(record.key()) && world.topics().roomLog().decode(record.value()).seq() == 8).get(0);
        fillTail(room);
        try (Admin admin = world.kafka().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(eighth.topic(), eighth.partition()), RecordsToDelete.beforeOffset(eighth.offset()))).all().get(60, TimeUnit.SECONDS);
        }
        world.view().reread();

        var back = connect("ana");
        subscribe(back, room, cursor);

        assertGap(back.await("discontinuity"), "RETENTION_EXPIRED", 3, 9, false, 8);
    }

    @Test
    @DisplayName("CON-3: what Kafka's own retention took before a client came back is RETENTION_EXPIRED, the exact range")
    void tellsWhatKafkasRetentionTook() throws Exception {
        String room = room();
        String cursor = cursorAt(room, 2);
        world.writer().write(room, 3, 7);
        awaitHead(room, 7);
        var log = new TopicPartition(world.topics().roomLog().name(), Topics.partition(room, 4));
        try (Admin admin = world.kafka().admin()) {
            retention(admin, "1");
            await().until(() -> offset(admin, log, OffsetSpec.earliest()) == offset(admin, log, OffsetSpec.latest()));
            retention(admin, "2592000000");
        }
        world.writer().write(room, 8, 9);
        awaitHead(room, 9);
        fillTail(room);
        world.view().reread();

        var back = connect("ana");
        subscribe(back, room, cursor);

        assertGap(back.await("discontinuity"), "RETENTION_EXPIRED", 3, 9, false, 8);
    }

    private void retention(Admin admin, String millis) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, world.topics().roomLog().name());
        var op = new AlterConfigOp(new ConfigEntry("retention.ms", millis), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(op))).all().get(60, TimeUnit.SECONDS);
        await().until(() -> admin.describeConfigs(List.of(topic)).all().get(60, TimeUnit.SECONDS).get(topic).get("retention.ms").value().equals(millis)); // the broker hears of it later
    }

    private static long offset(Admin admin, TopicPartition at, OffsetSpec which) throws Exception {
        return admin.listOffsets(Map.of(at, which)).partitionResult(at).get(60, TimeUnit.SECONDS).offset();
    }

    @Test
    @DisplayName("CON-8: the audit says what the room holds and what its clients were not given")
    void auditsARoom() throws Exception {
        String room = room();
        String cursor = cursorAt(room, 1);
        world.writer().write(room, 2, 60);
        awaitHead(room, 60);
        subscribe(connect("ana"), room, cursor);
        subscribe(connect("bea"), room, cursor);
        subscribe(connect("bea"), room, "garbage");

        await().untilAsserted(() -> {
            JsonNode audit = Json.MAPPER.readTree(get("/v1/rooms/" + room + "/continuity", world.tokens().token("ana")).body());
            assertThat(audit.get("op").asText()).isEqualTo("continuity");
            assertThat(audit.get("seq").asLong()).isEqualTo(60);
            assertThat(audit.get("oldest").asLong()).isEqualTo(1);
            assertThat(audit.get("retentionMs").asLong()).isEqualTo(Duration.ofDays(30).toMillis());
            assertThat(audit.get("discontinuities").findValuesAsText("reason")).containsExactly("BACKLOG_LIMIT", "CURSOR_UNKNOWN");
            assertThat(audit.get("discontinuities").findValuesAsText("times")).containsExactly("2", "1");
            assertThat(audit.get("discontinuities").findValuesAsText("entries")).containsExactly("118", "60");
            assertThat(audit.toString()).doesNotContain("bea");
        });
        assertThat(get("/v1/rooms/" + room + "/continuity", world.tokens().token("ana", Map.of(room, List.of("subscribe")))).statusCode()).isEqualTo(403);
        assertThat(get("/v1/rooms/a%20b/continuity", world.tokens().token("ana")).statusCode()).isEqualTo(400);
    }

    @Test
    void reportsAJumpInSeqWhileConnectedAndGoesOn() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);

        world.writer().write(room, 1, 2).write(room, 6, 7);

        client.awaitCount(4, "message");
        assertGap(client.await("discontinuity"), "SERVER", 3, 5, false, 1);
        assertThat(client.frames().stream().map(frame -> frame.path("op").asText()).filter(op -> op.equals("message") || op.equals("discontinuity")))
                .containsExactly("message", "message", "discontinuity", "message", "message");
        Guarantee.verify(RoomTranscript.of(room, client.frames()), new EveryGapReported(1, 7), new NoDuplicates(), new Ordered());
    }

    @Test
    void raisesAnAlarmForARepeatThatDiffers() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 3);
        client.awaitCount(3, "message");

        world.writer().begin().append(room, RoomLogWriter.epoch(room), 2, "something else").commit();

        assertGap(client.await("discontinuity"), "SERVER", 2, 3, true, 1);
    }

    @Test
    @DisplayName("DEL-8: heads come with each server ping and name what this client has reached")
    void tellsHeadsWithEachPing() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 4);

        JsonNode heads = client.await(frame -> frame.at("/rooms/" + room).asLong() == 4, "heads that name seq 4");

        assertThat(heads.get("op").asText()).isEqualTo("heads");
    }

    @Test
    @DisplayName("DEL-7, DEL-8: a half-open connection, which answers no ping, is let go of; one that answers stays")
    void letsGoOfAConnectionThatAnswersNoPing() throws Exception {
        var alive = connect("ana");
        try (var socket = new Socket("127.0.0.1", delivery.getPort())) {
            socket.setSoTimeout((int) FrameClient.PATIENCE.toMillis());
            socket.getOutputStream().write(("GET /v1/delivery HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer " + world.tokens().token("bea") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

            String heard = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1); // to its end, without a pong

            assertThat(heard).startsWith("HTTP/1.1 101 ").contains("\"op\":\"hello\"");
        }
        assertThat(alive.isClosed()).isFalse();
    }

    @Test
    void followsAPartitionAgainAfterItWasReleased() {
        String room = room();
        var first = connect("ana");
        subscribe(first, room, null);
        world.writer().write(room, 1, 2);
        String cursor = first.awaitCount(2, "message").get(1).get("cursor").asText();
        first.close();
        await().pollDelay(Duration.ofMillis(600)).until(first::isClosed);
        world.writer().write(room, 3, 4);

        var back = connect("ana");
        subscribe(back, room, cursor);
        world.writer().write(room, 5, 5);

        back.awaitCount(3, "message");
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NothingLost(3, 5), new NoDuplicates(), new Ordered());
    }

    @Test
    void refusesRetryablyWhatOnlyHistoryKnowsWhileItIsOutOfReachAndReadinessSaysWhy() throws Exception {
        await().until(() -> ready().statusCode() == 200);
        String room = room();
        String cursor = cursorAt(room, 1);
        world.writer().at(Instant.now().minus(Duration.ofMinutes(3))).write(room, 2, 3).at(Instant.now()); // what is kept of it only history can say
        fillTail(room);
        var client = connect("ana");
        world.view().answer(false);
        try {
            JsonNode refused = subscribe(client, room, cursor);
            client.send(Frames.of("history", 9).put("room", room));
            HttpResponse<String> ready = ready();

            assertThat(refused.get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(refused.get("retryable").asBoolean()).isTrue();
            assertThat(refused.get("retryAfterMs").asLong()).isPositive();
            assertThat(client.awaitReply(9).get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(ready.statusCode()).as("rooms are served without it").isEqualTo(200);
            assertThat(ready.body()).contains("the view answered 503");
        } finally {
            world.view().answer(true);
        }
        subscribe(client, room, cursor);
        assertGap(client.await("discontinuity"), "WINDOW_EXPIRED", 2, 3, true, 1);
        await().until(() -> !ready().body().contains("the view answered 503"));
    }

    @Test
    void readsItsConnectionNoFurtherWhileTooManyRequestsAreUnanswered() {
        String room = room();
        var client = connect("ana");
        client.await("hello");
        for (int i = 0; i < 100; i++) {
            client.send(Frames.of("history", i).put("room", room).put("after", 0));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(client.awaitReply(i).get("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void handsOverMoreThanTheBacklogHoldsWithoutLoss() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);

        world.writer().write(room, 1, 3000);

        client.awaitCount(3000, "message");
        Guarantee.verify(RoomTranscript.of(room, client.frames()), new NothingLost(1, 3000), new NoDuplicates(), new Ordered());
    }

    /** Writes entries 1 to {@code seq} and returns the cursor of a client that was given them. */
    private String cursorAt(String room, long seq) {
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().at(Instant.now()).write(room, 1, seq);
        String cursor = client.awaitCount((int) seq, "message").get((int) seq - 1).get("cursor").asText();
        client.close();
        return cursor;
    }

    /** Writes so much to a neighbour of the room that nothing of the room is left in the tail. */
    private void fillTail(String room) {
        int partition = Topics.partition(room, 4);
        String neighbour = Stream.generate(DeliveryCase::room).filter(name -> Topics.partition(name, 4) == partition).findFirst().orElseThrow();
        var witness = connect("ana");
        subscribe(witness, neighbour, null);
        world.writer().write(neighbour, 1, 60);
        witness.awaitCount(60, "message");
    }

    private static void assertReason(FrameClient client, String room, Cursor cursor, String reason) {
        int before = client.frames("discontinuity").size();
        assertThat(subscribe(client, room, CursorCodec.encode(room, cursor)).get("resumed").asBoolean()).isFalse();
        assertThat(client.awaitCount(before + 1, "discontinuity").get(before).get("reason").asText()).isEqualTo(reason);
    }

    private static void assertGap(JsonNode gap, String reason, long from, long to, boolean recoverable, long oldestSeq) {
        assertThat(gap.get("reason").asText()).isEqualTo(reason);
        assertThat(gap.get("from").asLong()).isEqualTo(from);
        assertThat(gap.get("to").asLong()).isEqualTo(to);
        assertThat(gap.get("lost").asLong()).isEqualTo(to - from + 1);
        assertThat(gap.get("recoverable").asBoolean()).isEqualTo(recoverable);
        assertThat(gap.get("oldestSeq").asLong()).isEqualTo(oldestSeq);
    }

    private HttpResponse<String> ready() throws Exception {
        return get("/q/health/ready", "none");
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + delivery.getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    }
}
