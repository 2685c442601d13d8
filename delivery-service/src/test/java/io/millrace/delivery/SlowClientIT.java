package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NoFalseGap;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import io.millrace.guarantee.RoomTranscript;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-7: a client that stops reading, or comes back far behind, costs a bounded buffer, slows nobody, and loses nothing. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "millrace.delivery.outbound-buffer", value = "128K"),
        @ResourceArg(name = "millrace.delivery.replay-limit", value = "1000000"),
        @ResourceArg(name = "millrace.delivery.tail", value = "512K")})
class SlowClientIT extends DeliveryCase {
    private static final int ENTRIES = 50_000;
    private static final Duration LONG = Duration.ofSeconds(120);

    @Inject
    MeterRegistry metrics;

    @Test
    @DisplayName("DEL-7: who stops reading is told lag, costs a bounded buffer, loses nothing, and is told caughtUp at the end")
    void servesAClientThatStoppedReadingAtItsOwnPace() {
        String room = room();
        var slow = connect("ana");
        var quick = connect("bob");
        subscribe(slow, room, null);
        subscribe(quick, room, null);

        slow.pause();
        for (int from = 1; from <= ENTRIES; from += 1000) {
            world.writer().write(room, from, from + 999);
        }
        await().atMost(LONG).until(() -> lastSeq(quick.frames()) == ENTRIES);

        assertThat(metrics.get("millrace.delivery.lagging").gauge().value()).isPositive();
        assertThat(metrics.get("millrace.delivery.waiting.bytes").gauge().value()).isLessThan(128 * 1024);
        Guarantee.verify(RoomTranscript.of(room, quick.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());

        slow.resume();
        await().atMost(LONG).until(() -> lastSeq(slow.frames()) == ENTRIES && slow.frames().stream().anyMatch(frame -> frame.path("op").asText().equals("caughtUp")));

        Guarantee.verify(RoomTranscript.of(room, slow.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());
        assertThat(slow.frames("lag")).isNotEmpty();
        await().until(() -> metrics.get("millrace.delivery.lagging").gauge().value() == 0); // it may have fallen behind more than once
    }

    @Test
    @DisplayName("CON-2, DEL-7: a replay many times the buffer costs a bounded buffer while nobody takes it, and the others nothing")
    void replaysFarMoreThanTheBufferHolds() {
        String room = room();
        var first = connect("ana");
        String cursor = subscribe(first, room, null).get("cursor").asText();
        first.close();
        for (int from = 1; from <= ENTRIES; from += 1000) {
            world.writer().write(room, from, from + 999);
        }
        awaitHead(room, ENTRIES);
        var quick = connect("bob");
        subscribe(quick, room, null);
        var behind = connect("ana");
        behind.await("hello");

        behind.pause();
        behind.send(Frames.of("subscribe", 1).put("room", room).put("cursor", cursor));
        await().until(() -> metrics.get("millrace.delivery.waiting.bytes").gauge().value() > 0); // the replay has begun and stands
        double held = 0;
        for (int i = 1; i <= 200; i++) {
            world.writer().write(room, ENTRIES + i, ENTRIES + i);
            quick.awaitCount(i, "message");
            held = Math.max(held, metrics.get("millrace.delivery.waiting.bytes").gauge().value());
        }
        assertThat(lastSeq(behind.frames())).as("while it does not read").isLessThan(ENTRIES);
        behind.resume();
        await().atMost(LONG).until(() -> lastSeq(behind.frames()) == ENTRIES + 200);

        assertThat(held).isLessThan(128 * 1024);
        var replayed = behind.frames("message").stream().filter(frame -> frame.get("replay").asBoolean());
        assertThat(replayed.mapToLong(frame -> frame.toString().length()).sum()).as("bytes replayed").isGreaterThan(64 * 128 * 1024);
        Guarantee.verify(RoomTranscript.of(room, behind.frames()), new NothingLost(1, ENTRIES + 200), new NoDuplicates(), new Ordered());
        assertThat(behind.frames("discontinuity")).isEmpty();
    }

    @Test
    @DisplayName("CON-3, DEL-7: what is deleted before a slow client came to it is one discontinuity with the exact range")
    void tellsASlowClientWhatWasDeletedBeforeItCameToIt() throws Exception {
        String room = room();
        var slow = connect("ana");
        subscribe(slow, room, null);
        slow.pause();
        for (int from = 1; from <= ENTRIES; from += 1000) {
            world.writer().write(room, from, from + 999);
        }
        awaitHead(room, ENTRIES); // the pod has read what is deleted now, the client has not
        var last = world.kafka().records(world.topics().roomLog(), 1, record -> room.equals(record.key()) && world.topics().roomLog().decode(record.value()).seq() == ENTRIES - 10).get(0);
        try (Admin admin = world.kafka().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(last.topic(), last.partition()), RecordsToDelete.beforeOffset(last.offset()))).all().get(60, TimeUnit.SECONDS);
        }
        world.view().reread();

        slow.resume();
        await().atMost(LONG).until(() -> lastSeq(slow.frames()) == ENTRIES);

        var told = RoomTranscript.of(room, slow.frames());
        assertThat(told.gaps()).hasSize(1);
        assertThat(told.gaps().get(0).reason()).isEqualTo("SLOW_CONSUMER");
        Guarantee.verify(told, new EveryGapReported(1, ENTRIES), new NoFalseGap(1, ENTRIES), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("DEL-7, ROOM-1: room signals are dropped first and counted; the set of members is right again once the client reads")
    void dropsRoomSignalsFirstAndMakesTheSetRightAgain() {
        String room = room();
        var slow = connect("ana");
        var quick = connect("bob");
        subscribe(slow, room, null);
        subscribe(quick, room, null);
        slow.await(frame -> frame.path("event").asText().equals("present"), "the empty set");
        presence(quick, room, "enter");
        slow.await(frame -> frame.path("event").asText().equals("enter"), "bob");
        double droppedBefore = metrics.get("millrace.delivery.signals.dropped").counter().count();

        slow.pause();
        for (int from = 1; from <= ENTRIES; from += 1000) {
            world.writer().write(room, from, from + 999);
        }
        await().atMost(LONG).until(() -> lastSeq(quick.frames()) == ENTRIES);
        presence(quick, room, "leave");
        quick.await(frame -> frame.path("event").asText().equals("leave"), "its own leaving");
        await().atMost(LONG).until(() -> metrics.get("millrace.delivery.signals.dropped").counter().count() > droppedBefore);

        slow.resume();
        await().atMost(LONG).until(() -> lastSeq(slow.frames()) == ENTRIES);
        await("the whole set again, without bob").atMost(LONG).until(() -> { // one may have come while he was there yet
            var sets = slow.frames().stream().filter(frame -> frame.path("event").asText().equals("present")).toList();
            return sets.size() > 1 && sets.get(sets.size() - 1).get("members").isEmpty();
        });
        Guarantee.verify(RoomTranscript.of(room, slow.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());
    }

    private static void presence(FrameClient client, String room, String action) {
        client.send(Frames.of("presence", 77).put("room", room).put("action", action));
    }

    private static long lastSeq(List<JsonNode> frames) {
        for (int i = frames.size() - 1; i >= 0; i--) {
            if (frames.get(i).path("op").asText().equals("message")) {
                return frames.get(i).get("seq").asLong();
            }
        }
        return 0;
    }
}
