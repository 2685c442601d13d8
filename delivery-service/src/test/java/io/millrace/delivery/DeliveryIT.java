package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import io.millrace.guarantee.RoomTranscript;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-1..6, CON-2, CON-7, SEC-1, SEC-3: a client subscribes and is given entries live and from a cursor, against a real broker. */
@QuarkusTest
@QuarkusTestResource(DeliveryResource.class)
class DeliveryIT extends DeliveryCase {

    @Test
    @DisplayName("LOG-5, SEC-3: clients are told how long a log is kept, and the limits")
    void greetsWithLimitsInMillisecondsCountsAndBytes() {
        JsonNode hello = connect("ana").await("hello");

        assertThat(hello.get("recoveryWindowMs").asLong()).isEqualTo(120_000);
        assertThat(hello.get("retentionMs").asLong()).isEqualTo(2_592_000_000L);
        assertThat(hello.get("pingMs").asLong()).isEqualTo(25_000);
        assertThat(hello.at("/limits/rooms").asLong()).isEqualTo(200);
        assertThat(hello.get("version").asText()).isNotEmpty();
    }

    @Test
    void deliversLiveEntriesInOrder() {
        String room = room();
        var client = connect("ana");
        JsonNode subscribed = subscribe(client, room, null);

        world.writer().write(room, 1, 3);

        client.awaitCount(3, "message");
        assertThat(subscribed.get("seq").asLong()).isZero();
        assertThat(subscribed.get("epoch").isNull()).isTrue();
        Guarantee.verify(RoomTranscript.of(room, client.frames()), new NothingLost(1, 3), new NoDuplicates(), new Ordered());
    }

    @Test
    void sendsTheEntryAsTheLogHasIt() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);

        world.writer().write(room, 1, 1);

        JsonNode message = client.await("message");
        assertThat(message.get("epoch").asText()).isEqualTo(RoomLogWriter.epoch(room));
        assertThat(message.get("replay").asBoolean()).isFalse();
        assertThat(message.at("/entry/id").asText()).isEqualTo("m1");
        assertThat(message.at("/entry/laneSeq").asLong()).isEqualTo(1);
        assertThat(message.at("/entry/text").asText()).isEqualTo("text 1");
        assertThat(Instant.parse(message.at("/entry/at").asText())).isNotNull();
    }

    @Test
    void replaysWhatCameWhileTheConnectionWasDropped() {
        String room = room();
        var first = connect("ana");
        subscribe(first, room, null);
        world.writer().write(room, 1, 5);
        String cursor = first.awaitCount(5, "message").get(4).get("cursor").asText();
        first.cut();
        world.writer().write(room, 6, 20);

        var second = connect("ana");
        JsonNode subscribed = subscribe(second, room, cursor);
        world.writer().write(room, 21, 25);

        second.awaitCount(20, "message");
        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        assertThat(RoomTranscript.of(room, first.frames()).then(RoomTranscript.of(room, second.frames())).seqs())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(subscribed.get("seq").asLong() - 5).isEqualTo(subscribed.get("replayed").asLong());
        assertThat(second.frames("message")).allSatisfy(message ->
                assertThat(message.get("replay").asBoolean()).isEqualTo(message.get("seq").asLong() <= subscribed.get("seq").asLong()));
    }

    @Test
    void resumesTheCursorOfARoomWithoutEntries() {
        String room = room();
        var client = connect("ana");
        String cursor = subscribe(client, room, null).get("cursor").asText();
        client.close();
        world.writer().write(room, 1, 2);

        var next = connect("ana");
        JsonNode subscribed = subscribe(next, room, cursor);

        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        next.awaitCount(2, "message");
        Guarantee.verify(RoomTranscript.of(room, next.frames()), new NothingLost(1, 2), new NoDuplicates(), new Ordered());
    }

    @Test
    void givesSyncFramesToEveryConnectionOfTheSenderAndToNobodyElse() {
        String ana = "ana-" + UUID.randomUUID();
        var one = connect(ana);
        var two = connect(ana);
        var stranger = connect("bob");
        List.of(one, two, stranger).forEach(client -> client.await("hello"));

        world.writer().begin().append(ana, new SyncEvent("m1", "lobby", "s1", Lane.TEXT, 1L, SyncState.SYNCED, 1, 4, null, null, "e", 7L, Instant.now())).commit();
        world.writer().begin().append("bob", new SyncEvent("m2", "lobby", "s1", Lane.TEXT, 1L, SyncState.SYNCED, 1, 4, null, null, "e", 8L, Instant.now())).commit();

        assertThat(one.await("sync").get("id").asText()).isEqualTo("m1");
        assertThat(two.await("sync").get("seq").asLong()).isEqualTo(7);
        assertThat(stranger.await("sync").get("id").asText()).isEqualTo("m2");
        assertThat(stranger.frames("sync")).hasSize(1);
    }

    @Test
    void losesNothingForTwoHundredSubscribesUnderTraffic() throws Exception {
        String room = room();
        var traffic = new Traffic(world, room);
        List<FrameClient> clients = Stream.generate(() -> connect("ana")).limit(20).toList();
        clients.forEach(client -> client.await("hello"));
        List<Attached> attached = new ArrayList<>();
        traffic.start();
        for (int i = 0; i < 200; i++) {
            FrameClient client = clients.get(i % clients.size());
            client.send(Frames.of("subscribe", 5000 + i).put("room", room));
            attached.add(new Attached(client, client.awaitReply(5000 + i)));
        }
        long head = traffic.stop();

        for (FrameClient client : clients) {
            client.await(frame -> frame.path("seq").asLong() == head && frame.path("op").asText().equals("message"), "the head " + head);
        }
        for (Attached one : attached.subList(attached.size() - clients.size(), attached.size())) {
            Guarantee.verify(one.transcript(room), new NothingLost(one.subscribed.get("seq").asLong() + 1, head), new NoDuplicates(), new Ordered());
        }
        attached.forEach(one -> assertThat(one.subscribed.get("op").asText()).isEqualTo("subscribed"));
    }

    @Test
    void showsAbortedEntriesOnceWhenTheyAreWrittenAgain() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 2);
        client.awaitCount(2, "message");

        world.writer().begin().append(room, 3, 6).flush();
        client.awaitCount(6, "message"); // live readers do not wait for the commit
        world.writer().abort().begin().append(room, 3, 4).abort().write(room, 3, 8);

        client.awaitCount(8, "message");
        Guarantee.verify(RoomTranscript.of(room, client.frames()), new NothingLost(1, 8), new NoDuplicates(), new Ordered());
    }

    @Test
    void resumesAClientThatReadWhatIsNotCommittedYet() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().begin().append(room, 1, 3).flush();
        String cursor = client.awaitCount(3, "message").get(2).get("cursor").asText();
        client.cut();

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);
        world.writer().abort().write(room, 1, 5);

        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        back.awaitCount(2, "message");
        assertThat(RoomTranscript.of(room, back.frames()).seqs()).containsExactly(4L, 5L);
    }

    @Test
    void refusesRoomsTheTokenDoesNotAllow() {
        var client = keep(FrameClient.connect(delivery, world.tokens().token("ana", Map.of("mine-*", List.of("subscribe")))));

        JsonNode subscribe = subscribe(client, "foreign", null);
        client.send(Frames.of("history", 7).put("room", "mine-1"));

        assertThat(subscribe.get("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(client.awaitReply(7).get("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(subscribe(client, "mine-1", null).get("op").asText()).isEqualTo("subscribed");
    }

    @Test
    void checksACursorAgainstTheTokenLikeANewSubscription() {
        String room = room();
        String cursor = subscribe(connect("ana"), room, null).get("cursor").asText();
        var stranger = keep(FrameClient.connect(delivery, world.tokens().token("bob", Map.of())));

        assertThat(subscribe(stranger, room, cursor).get("code").asText()).isEqualTo("FORBIDDEN");
    }

    @Test
    void answersBadFramesAndGoesOn() {
        String room = room();
        var client = connect("ana");

        client.sendText("{").sendText("{\"op\":\"fly\",\"ref\":1}").send(Frames.of("subscribe", 2).put("room", "a b"))
                .send(Frames.of("subscribe", 3).put("room", room).put("cursor", 7)).send(Frames.of("history", 4).put("room", room).put("limit", 1001))
                .send(Frames.text("m1", room, "s1", 5, "hello")).send(Frames.of("unsubscribe", 6).put("room", room))
                .send(Frames.of("typing", 8).put("room", room).put("active", "yes"));

        assertThat(client.awaitReply(1).get("code").asText()).isEqualTo("BAD_FRAME");
        List.of(2L, 3L, 4L, 5L, 8L).forEach(ref -> assertThat(client.awaitReply(ref).get("code").asText()).isEqualTo("INVALID"));
        assertThat(client.awaitReply(6).get("code").asText()).isEqualTo("NOT_SUBSCRIBED");
        assertThat(subscribe(client, room, null).get("op").asText()).isEqualTo("subscribed");
    }

    @Test
    @DisplayName("SEC-3: 200 rooms per connection")
    void holdsTwoHundredRoomsPerConnection() {
        var client = connect("ana");
        String room = room();
        IntStream.rangeClosed(0, 200).forEach(i -> client.send(Frames.of("subscribe", i).put("room", room + i)));

        assertThat(client.awaitReply(200).get("code").asText()).isEqualTo("ROOM_LIMIT");
        IntStream.range(0, 200).forEach(i -> assertThat(client.awaitReply(i).get("op").asText()).isEqualTo("subscribed"));
        client.send(Frames.of("unsubscribe", 300).put("room", room + 1));
        assertThat(client.awaitReply(300).get("op").asText()).isEqualTo("ok");
        assertThat(subscribe(client, room + 200, null).get("op").asText()).isEqualTo("subscribed");
    }

    @Test
    void deliversNothingAfterAnUnsubscribeIsAnswered() {
        String room = room();
        String other = room();
        var client = connect("ana");
        subscribe(client, room, null);
        subscribe(client, other, null);

        client.send(Frames.of("unsubscribe", 1).put("room", room));
        client.awaitReply(1);
        world.writer().write(room, 1, 3).write(other, 1, 1);

        client.await("message");
        assertThat(client.frames("message")).allSatisfy(message -> assertThat(message.get("room").asText()).isEqualTo(other));
    }

    @Test
    void beginsARoomAnewWhenItIsSubscribedAgain() {
        String room = room();
        var client = connect("ana");
        String cursor = subscribe(client, room, null).get("cursor").asText();
        world.writer().write(room, 1, 3);
        client.awaitCount(3, "message");

        JsonNode again = subscribe(client, room, cursor);
        world.writer().write(room, 4, 5);

        client.awaitCount(8, "message");
        assertThat(again.get("replayed").asLong()).isEqualTo(3);
        assertThat(RoomTranscript.of(room, client.frames()).seqs()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 4L, 5L);
    }

    /** A subscribe and the place of its answer among the client's frames. */
    private record Attached(FrameClient client, JsonNode subscribed) {
        RoomTranscript transcript(String room) {
            List<JsonNode> frames = client.frames();
            return RoomTranscript.of(room, frames.subList(frames.indexOf(subscribed), frames.size()));
        }
    }
}
