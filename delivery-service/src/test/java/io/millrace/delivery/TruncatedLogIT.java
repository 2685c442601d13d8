package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.topic.Topics;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.RoomTranscript;
import io.millrace.testing.CutLog;
import io.millrace.testing.FrameClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1, CON-4: a broker that comes back with a shorter log, as after an unclean election, is noticed by connected clients and by cursors. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true)
class TruncatedLogIT extends DeliveryCase {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void tellsConnectedClientsAndCursorsThatTheLogWasCut() throws Exception {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        try (var writer = writer()) {
            writer.write(room, 1, 3).write(room, 4, 6);
        }
        String cursor = client.awaitCount(6, "message").get(5).get("cursor").asText();

        CutLog.of(world.kafka(), partitionOf(room)).cutAfter(offsetOf(room, 3) + 1); // with the commit's marker
        world.view().reread();

        JsonNode gap = client.await("discontinuity");
        assertThat(gap.get("reason").asText()).isEqualTo("LOG_TRUNCATED");
        assertThat(gap.get("from").asLong()).isEqualTo(4);
        assertThat(gap.get("to").asLong()).isEqualTo(6);
        var back = connect("ana");
        subscribeAtLast(back, room, cursor);
        JsonNode judged = back.await("discontinuity");
        assertThat(judged.get("reason").asText()).isEqualTo("LOG_TRUNCATED");
        assertThat(judged.get("from").asLong()).isEqualTo(4);
        assertThat(judged.get("to").asLong()).isEqualTo(6);

        try (var writer = writer()) {
            writer.begin().append(room, RoomLogWriter.epoch(room), 4, "after the cut").append(room, RoomLogWriter.epoch(room), 5, "after the cut").commit();
        }
        back.awaitCount(2, "message");
        assertThat(client.awaitCount(8, "message").get(6).at("/entry/text").asText()).isEqualTo("after the cut");
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NoDuplicates());
        assertThat(RoomTranscript.of(room, back.frames()).seqs()).containsExactly(4L, 5L);
    }

    @Test
    @DisplayName("CON-1, CON-3: a cursor of a log that was cut and has grown past it again is told so: its leader epoch tells")
    void tellsACursorThatTheLogWasCutAlthoughItHasGrownAgain() throws Exception {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        try (var writer = writer()) {
            writer.write(room, 1, 3).write(room, 4, 6);
        }
        String cursor = client.awaitCount(6, "message").get(5).get("cursor").asText();
        client.close();

        CutLog.of(world.kafka(), partitionOf(room)).cutAfter(offsetOf(room, 3) + 1);
        try (var writer = writer()) {
            writer.write(room, 4, 6).write(room, 7, 9).write(room, 10, 12);
        }
        world.view().reread();

        // who subscribes before the pod has noticed the cut is told of it as a connected client is (CON-4)
        var witness = connect("ana");
        await().atMost(LONG).until(() -> subscribe(witness, room, null).path("seq").asLong() == 12);

        var back = connect("ana");
        assertThat(subscribeAtLast(back, room, cursor).get("seq").asLong()).isEqualTo(12);
        JsonNode gap = back.await("discontinuity");
        assertThat(gap.get("reason").asText()).isEqualTo("LOG_TRUNCATED");
        assertThat(gap.get("from").asLong()).isEqualTo(4);
        assertThat(gap.get("to").asLong()).isEqualTo(12);
        assertThat(gap.get("recoverable").asBoolean()).as("history holds the whole range").isTrue();
        try (var writer = writer()) {
            writer.write(room, 13, 13);
        }
        String later = back.await("message").get("cursor").asText();
        assertThat(RoomTranscript.of(room, back.frames()).seqs()).containsExactly(13L);
        assertThat(subscribe(back, room, later).get("resumed").asBoolean()).as("what was read since is no longer in doubt").isTrue();
    }

    @Test
    @DisplayName("CON-2: a cursor of a former leader is resumed where the log is whole")
    void resumesACursorOfAFormerLeaderWhoseLogIsWhole() {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        try (var writer = writer()) {
            writer.write(room, 1, 3);
        }
        String cursor = client.awaitCount(3, "message").get(2).get("cursor").asText();
        client.close();

        world.kafka().stopBroker(0);
        world.kafka().startBroker(0);
        try (var writer = writer()) {
            writer.write(room, 4, 6);
        }

        var back = connect("ana");
        subscribeAtLast(back, room, cursor);
        back.awaitCount(3, "message");
        assertThat(back.frames("discontinuity")).isEmpty();
        assertThat(RoomTranscript.of(room, back.frames()).seqs()).startsWith(4L, 5L, 6L);
    }

    /** Subscribes as often as it takes while the broker comes back. */
    private static JsonNode subscribeAtLast(FrameClient client, String room, String cursor) {
        return await().atMost(LONG).until(() -> subscribe(client, room, cursor), answer -> answer.get("op").asText().equals("subscribed"));
    }

    private long offsetOf(String room, long seq) {
        var log = world.topics().roomLog();
        return world.kafka().records(log, 1, record -> room.equals(record.key()) && log.decode(record.value()).seq() == seq).get(0).offset();
    }

    private TopicPartition partitionOf(String room) {
        return new TopicPartition(world.topics().roomLog().name(), Topics.partition(room, world.topics().roomLog().partitions()));
    }

    private RoomLogWriter writer() {
        return new RoomLogWriter(world.kafka().bootstrap(), world.topics());
    }
}
