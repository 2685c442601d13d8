package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.testing.Frames;
import io.millrace.testing.guarantee.Guarantee;
import io.millrace.testing.guarantee.NoDuplicates;
import io.millrace.testing.guarantee.NothingLost;
import io.millrace.testing.guarantee.Ordered;
import io.millrace.testing.guarantee.RoomTranscript;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** DEL-1..6, HIS-1, HIS-2: a client subscribes, is given entries live and from a cursor, and reads history, against a real broker. */
@QuarkusTest
@QuarkusTestResource(DeliveryResource.class)
class DeliveryIT extends DeliveryCase {

    @Test
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
    void historyBeforeTheAttachPointMeetsTheLiveStream() {
        String room = room();
        world.writer().write(room, 1, 30);
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
}
