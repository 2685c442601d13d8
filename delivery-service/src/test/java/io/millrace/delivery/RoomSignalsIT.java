package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ROOM-1 to ROOM-5, DEL-1: what clients do in a room beside messages, over a real broker. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "millrace.delivery.recovery-window", value = "12s"),
        @ResourceArg(name = "millrace.delivery.signals.occupancy-pace", value = "200ms"),
        @ResourceArg(name = "millrace.delivery.signals.typing-interval", value = "2s"),
        @ResourceArg(name = "millrace.delivery.signals.rate", value = "5"),
        @ResourceArg(name = "millrace.delivery.signals.burst", value = "20")})
class RoomSignalsIT extends DeliveryCase {
    @Inject
    MeterRegistry metrics;

    private final String room = room();
    private long ref;

    @Test
    @DisplayName("ROOM-1: presence is told at attach and as it changes, stays through a drop for the window, and ends after it")
    void tellsPresence() {
        var ben = subscribed("ben");
        var ana = subscribed("ana");
        answeredOk(ana, (ObjectNode) say("presence").put("action", "enter").set("data", status("here")));
        awaitChange(ben, "enter", "ana");
        answeredOk(ana, (ObjectNode) say("presence").put("action", "update").set("data", status("away")));
        assertThat(awaitChange(ben, "update", "ana").at("/data/status").asText()).isEqualTo("away");

        var late = subscribed("cid");
        var present = late.await(frame -> isPresence(frame, "present"), "who is present");
        assertThat(present.at("/members/0/member").asText()).isEqualTo("ana");
        assertThat(present.at("/members/0/data/status").asText()).isEqualTo("away");

        ana.close();
        var back = subscribed("ana");
        answeredOk(back, (ObjectNode) say("presence").put("action", "enter").set("data", status("away")));
        await().during(Duration.ofSeconds(14)).until(() -> ben.frames().stream().noneMatch(frame -> isPresence(frame, "leave")));

        back.close();
        awaitChange(ben, "leave", "ana");
        assertThat(ben.frames().stream().filter(frame -> isPresence(frame, "enter"))).hasSize(1);
    }

    @Test
    @DisplayName("ROOM-1: who unsubscribes, or loses the right, leaves at once")
    void leavesWithTheSubscription() {
        var ben = subscribed("ben");
        var ana = subscribed("ana");
        answeredOk(ana, say("presence").put("action", "enter"));
        awaitChange(ben, "enter", "ana");
        ana.send(Frames.of("unsubscribe", 900).put("room", room));
        awaitChange(ben, "leave", "ana");

        subscribe(ana, room, null);
        answeredOk(ana, say("presence").put("action", "enter"));
        ben.awaitCount(2, frame -> isPresence(frame, "enter"), "ana again");
        ana.send(Frames.auth(901, world.tokens().token("ana", Map.of("*", List.of("subscribe")))));
        ben.awaitCount(2, frame -> isPresence(frame, "leave"), "ana's leaving again");
    }

    @Test
    @DisplayName("ROOM-2: typing is told, and ends when it is said or when heartbeats stay out")
    void tellsTyping() {
        var ben = subscribed("ben");
        var ana = subscribed("ana");
        assertThat(typing(ben, 1)).as("at attach").isEmpty();
        answeredOk(ana, say("typing").put("active", true));
        assertThat(typing(ben, 2)).containsExactly("ana");
        answeredOk(ana, say("typing").put("active", false));
        assertThat(typing(ben, 3)).isEmpty();
        answeredOk(ana, say("typing").put("active", true));
        answeredOk(ana, say("typing").put("active", true));
        assertThat(typing(ben, 4)).containsExactly("ana");
        assertThat(typing(ben, 5)).isEmpty();
    }

    @Test
    @DisplayName("ROOM-3, ROOM-4: room reactions pass by, occupancy counts")
    void tellsReactionsAndOccupancy() {
        var ben = subscribed("ben");
        var ana = subscribed("ana");
        answeredOk(ana, say("reaction").put("name", "🎉"));
        var reaction = ben.await("reaction");
        assertThat(reaction.get("name").asText()).isEqualTo("🎉");
        assertThat(reaction.get("member").asText()).isEqualTo("ana");
        answeredOk(ana, say("presence").put("action", "enter"));
        ben.await(frame -> isOccupancy(frame, 2, 1), "occupancy 2, 1");

        ana.close();
        ben.await(frame -> isOccupancy(frame, 1, 1), "occupancy while the member may come back");
        ben.await(frame -> isOccupancy(frame, 1, 0), "occupancy after that");
    }

    @Test
    @DisplayName("ROOM-5: read positions are kept, move forward only and say what is unread")
    void keepsReadPositions() {
        world.writer().write(room, 1, 10);
        awaitHead(room, 10);
        var ana = subscribed("ana");
        answeredOk(ana, say("read").put("seq", 7));
        answeredOk(ana, say("read").put("seq", 5));
        refusedAs(ana, say("read").put("seq", 11), "INVALID");
        var told = ana.await("read").at("/positions/0");
        assertThat(told.get("member").asText()).isEqualTo("ana");
        assertThat(told.get("seq").asLong()).isEqualTo(7);
        assertThat(told.get("unread").asLong()).isEqualTo(3);

        ana.close();
        world.writer().write(room, 11, 12);
        awaitHead(room, 12);
        var again = subscribed("ana").await("read").at("/positions/0");
        assertThat(again.get("seq").asLong()).isEqualTo(7);
        assertThat(again.get("unread").asLong()).isEqualTo(5);
    }

    @Test
    @DisplayName("DEL-1: every signal is answered, with an error where it must not be")
    void refusesWhatMustNotBe() {
        var ana = connect("dora");
        List.of(say("presence").put("action", "enter"), say("typing").put("active", true), say("reaction").put("name", "x"), say("read").put("seq", 1))
                .forEach(frame -> refusedAs(ana, frame, "NOT_SUBSCRIBED"));
        subscribe(ana, room, null);
        refusedAs(ana, say("presence").put("action", "vanish"), "INVALID");
        refusedAs(ana, (ObjectNode) say("presence").put("action", "enter").set("data", status("x".repeat(2000))), "INVALID");

        var reader = keep(FrameClient.connect(delivery, world.tokens().token("eve", Map.of("*", List.of("subscribe")))));
        subscribe(reader, room, null);
        refusedAs(reader, say("presence").put("action", "enter"), "FORBIDDEN");
        refusedAs(reader, say("typing").put("active", true), "FORBIDDEN");
        refusedAs(reader, say("reaction").put("name", "x"), "FORBIDDEN");
        reader.await(frame -> isPresence(frame, "present"), "who is present, which whoever subscribes may see");
    }

    @Test
    @DisplayName("SEC-3, DEL-1: a sender that signals too fast is told when to go on")
    void limitsTheRateOfASender() {
        var fast = subscribed("fred");
        fast.sendJoined(IntStream.range(0, 60).mapToObj(i -> say("reaction").put("name", "x")).toList());

        var refused = fast.await(frame -> frame.path("code").asText().equals("RATE_LIMITED"), "a refusal");
        assertThat(refused.get("retryable").asBoolean()).isTrue();
        assertThat(refused.get("retryAfterMs").asLong()).isBetween(1L, 1000L);
        fast.awaitCount(60, frame -> frame.path("ref").asLong() > 1_000_000, "60 answers");
        assertThat(metrics.get("millrace.delivery.refused").tag("code", "RATE_LIMITED").counter().count()).isPositive();
    }

    private FrameClient subscribed(String sender) {
        var client = connect(sender);
        assertThat(subscribe(client, room, null).get("op").asText()).isEqualTo("subscribed");
        client.await(frame -> isPresence(frame, "present"), "who is present"); // whatever happens from now on is told
        return client;
    }

    private ObjectNode say(String op) {
        return Frames.of(op, 1_000_001 + ref++).put("room", room);
    }

    private static ObjectNode status(String status) {
        return Frames.of("x").retain().put("status", status);
    }

    private void answeredOk(FrameClient client, ObjectNode frame) {
        client.send(frame);
        assertThat(client.awaitReply(frame.get("ref").asLong()).get("op").asText()).isEqualTo("ok");
    }

    private void refusedAs(FrameClient client, ObjectNode frame, String code) {
        client.send(frame);
        assertThat(client.awaitReply(frame.get("ref").asLong()).path("code").asText()).isEqualTo(code);
    }

    private JsonNode awaitChange(FrameClient client, String event, String member) {
        return client.await(frame -> isPresence(frame, event) && frame.get("member").asText().equals(member), event + " " + member);
    }

    /** Who types, as the client is told for the {@code nth} time: what is told later may have come already. */
    private static List<String> typing(FrameClient client, int nth) {
        return StreamSupport.stream(client.awaitCount(nth, "typing").get(nth - 1).get("members").spliterator(), false).map(JsonNode::asText).toList();
    }

    private static boolean isPresence(JsonNode frame, String event) {
        return frame.path("op").asText().equals("presence") && frame.path("event").asText().equals(event);
    }

    private static boolean isOccupancy(JsonNode frame, int connections, int members) {
        return frame.path("op").asText().equals("occupancy") && frame.get("connections").asInt() == connections && frame.get("members").asInt() == members;
    }
}
