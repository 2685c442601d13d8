package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.topic.Topics;
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
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-5, DEL-7, CON-1..3 with nobody where the history view should be: Kafka itself is read, in small pieces, by a pod whose tails hold next to nothing. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "millrace.delivery.outbound-buffer", value = "128K"),
        @ResourceArg(name = "millrace.delivery.release-after", value = "200ms"),
        @ResourceArg(name = "millrace.delivery.tail", value = "8K"),
        @ResourceArg(name = "millrace.delivery.log-scan.bytes", value = "64K")})
class HistoryAwayIT extends DeliveryCase {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final int ENTRIES = 20_000;

    @Inject
    MeterRegistry metrics;

    private boolean away;

    @BeforeEach
    void now() {
        world.writer().at(Instant.now());
    }

    @AfterEach
    void comeBack() {
        if (away) {
            viewComesBack();
        }
    }

    @Test
    @DisplayName("DEL-7, CON-2: a client that returns far beyond the tail is given exactly what it missed, out of a busy partition with aborted transactions")
    void resumesWhatTheTailHoldsNoMore() {
        String room = room();
        String cursor = cursorAt(room, 3);
        var witness = connect("bob");
        subscribe(witness, room, null);
        writeAmongOthers(room, 4, 303);
        witness.awaitCount(300, "message");
        viewGoesAway();

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);
        world.writer().write(room, 304, 310);

        back.awaitCount(307, "message");
        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        assertThat(subscribed.get("replayed").asLong()).isEqualTo(300);
        assertThat(back.frames("discontinuity")).isEmpty();
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NothingLost(4, 310), new NoDuplicates(), new Ordered());
        assertThat(questions("answered")).isPositive();
        assertThat(metrics.get("millrace.delivery.log.waiting").gauge().value()).isZero();
    }

    @Test
    @DisplayName("DEL-4, DEL-7: so is one that comes to a pod which did not follow the partition and knows nothing of the room")
    void resumesOnAPodThatKnowsNothingOfTheRoom() {
        String room = room();
        String cursor = cursorAt(room, 3);
        writeAmongOthers(room, 4, 203);
        viewGoesAway();
        forgotten(room);

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);
        world.writer().write(room, 204, 210);

        back.awaitCount(207, "message");
        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        assertThat(subscribed.get("seq").asLong()).isEqualTo(203);
        Guarantee.verify(RoomTranscript.of(room, back.frames()), new NothingLost(4, 210), new NoDuplicates(), new Ordered());
        assertThat(subscribe(connect("bob"), room, null).get("seq").asLong()).as("the log proved the head to everybody").isGreaterThanOrEqualTo(203);
    }

    @Test
    @DisplayName("CON-2: where nothing was missed a client goes on, though nobody can name the room's head")
    void resumesWhereNothingWasMissed() {
        String room = room();
        var first = connect("bob");
        String attached = subscribe(first, room, null).get("cursor").asText();
        first.close();
        String cursor = cursorAt(room, 2);
        viewGoesAway();
        forgotten(room);

        var back = connect("ana");
        JsonNode subscribed = subscribe(back, room, cursor);
        var early = connect("bob");
        JsonNode fromTheBeginning = subscribe(early, room, attached);
        world.writer().write(room, 3, 4);

        assertThat(back.awaitCount(2, "message").get(0).get("seq").asLong()).isEqualTo(3);
        assertThat(subscribed.get("resumed").asBoolean()).isTrue();
        assertThat(subscribed.get("seq").asLong()).isEqualTo(2);
        early.awaitCount(4, "message");
        assertThat(fromTheBeginning.get("resumed").asBoolean()).isTrue();
        Guarantee.verify(RoomTranscript.of(room, early.frames()), new NothingLost(1, 4), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("DEL-4, DEL-7: after a pod's death the clients of many rooms come back together")
    void servesManyRoomsAtOnce() {
        Map<String, String> cursors = new LinkedHashMap<>();
        var gone = connect("ana");
        Stream.generate(DeliveryCase::room).limit(60).forEach(room -> subscribe(gone, room, null));
        var rooms = gone.frames("subscribed").stream().map(frame -> frame.get("room").asText()).toList();
        rooms.forEach(room -> world.writer().write(room, 1, 1));
        gone.awaitCount(60, "message").forEach(frame -> cursors.put(frame.get("room").asText(), frame.get("cursor").asText()));
        gone.close();
        rooms.forEach(room -> world.writer().write(room, 2, 3));
        viewGoesAway();
        rooms.stream().limit(4).forEach(this::forgotten);

        var back = connect("ana");
        back.await("hello");
        cursors.forEach((room, cursor) -> back.send(Frames.of("subscribe", 1).put("room", room).put("cursor", cursor)));
        back.awaitCount(120, "message");

        assertThat(back.frames("subscribed")).hasSize(60).allMatch(frame -> frame.get("resumed").asBoolean());
        rooms.forEach(room -> Guarantee.verify(RoomTranscript.of(room, back.frames()), new NothingLost(2, 3), new NoDuplicates(), new Ordered()));
    }

    @Test
    @DisplayName("DEL-7: a slow client catches up from Kafka at its own pace, costs a bounded buffer and loses nothing; the view takes over when it is back")
    void servesASlowClient() {
        String room = room();
        var slow = connect("ana");
        var quick = connect("bob");
        subscribe(slow, room, null);
        subscribe(quick, room, null);
        viewGoesAway();
        slow.pause();
        for (int from = 1; from <= ENTRIES; from += 500) {
            world.writer().write(room, from, from + 499);
        }
        await().atMost(LONG).until(() -> lastSeq(quick) == ENTRIES);
        double answered = questions("answered");
        assertThat(metrics.get("millrace.delivery.waiting.bytes").gauge().value()).isLessThan(256 * 1024);

        slow.resume();
        await().atMost(LONG).until(() -> questions("answered") > answered + 10);
        viewComesBack();
        await().atMost(LONG).until(() -> lastSeq(slow) == ENTRIES && !slow.frames("caughtUp").isEmpty());

        assertThat(slow.frames("lag")).isNotEmpty();
        assertThat(slow.frames("discontinuity")).isEmpty();
        Guarantee.verify(RoomTranscript.of(room, slow.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());
        Guarantee.verify(RoomTranscript.of(room, quick.frames()), new NothingLost(1, ENTRIES), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("CON-1, CON-3: what was deleted past a cursor is never resumed; it is UNAVAILABLE until the view can tell the exact range")
    void neverResumesOverWhatWasDeleted() throws Exception {
        String room = room();
        String cursor = cursorAt(room, 2);
        var witness = connect("bob");
        subscribe(witness, room, null);
        writeAmongOthers(room, 3, 59);
        witness.awaitCount(57, "message");
        deleteBelow(room, 50);
        viewGoesAway();

        var back = connect("ana");
        assertThat(subscribe(back, room, cursor).get("code").asText()).isEqualTo("UNAVAILABLE");
        witness.close();
        forgotten(room);
        assertThat(subscribe(back, room, cursor).get("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(back.frames("subscribed")).isEmpty();
        viewComesBack();
        world.view().reread();

        JsonNode subscribed = await().atMost(LONG).until(() -> subscribe(back, room, cursor), answer -> answer.has("resumed"));
        JsonNode gap = back.await("discontinuity");
        assertThat(subscribed.get("resumed").asBoolean()).isFalse();
        assertThat(gap.get("reason").asText()).isEqualTo("RETENTION_EXPIRED");
        assertThat(gap.get("from").asLong()).isEqualTo(3);
        assertThat(gap.get("to").asLong()).isEqualTo(59);
        assertThat(gap.get("oldestSeq").asLong()).isEqualTo(50);
    }

    private void viewGoesAway() {
        away = true;
        world.view().goAway();
    }

    private void viewComesBack() {
        world.view().comeBack();
        away = false;
    }

    private double questions(String outcome) {
        return metrics.get("millrace.delivery.log.questions").tag("outcome", outcome).counter().count();
    }

    /** Returns once this pod knows nothing of the room: whoever comes without a cursor cannot be told its head. */
    private void forgotten(String room) {
        var stranger = connect("eve");
        await().atMost(LONG).pollInterval(Duration.ofMillis(400)).until(() -> "UNAVAILABLE".equals(subscribe(stranger, room, null).path("code").asText()));
        stranger.close();
    }

    /** Writes entries 1 to {@code seq} and returns the cursor of a client that was given them. */
    private String cursorAt(String room, int seq) {
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, seq);
        String cursor = client.awaitCount(seq, "message").get(seq - 1).get("cursor").asText();
        client.close();
        return cursor;
    }

    /** Small transactions, each among entries of another room of the partition; some are aborted and written again. */
    private void writeAmongOthers(String room, int from, int to) {
        String neighbour = neighbour(room);
        for (int seq = from; seq <= to; seq += 3) {
            int last = Math.min(to, seq + 2);
            if (seq % 2 == 0) {
                world.writer().begin().append(room, seq, last).abort();
            }
            world.writer().begin().append(neighbour, 5L * (seq - from) + 1, 5L * (seq - from) + 15).append(room, seq, last).commit();
        }
    }

    private static String neighbour(String room) {
        return Stream.generate(DeliveryCase::room).filter(name -> Topics.partition(name, 4) == Topics.partition(room, 4)).findFirst().orElseThrow();
    }

    private void deleteBelow(String room, long seq) throws Exception {
        var log = world.topics().roomLog();
        long offset = world.kafka().records(log, 1, record -> room.equals(record.key()) && log.decode(record.value()).seq() == seq).get(0).offset();
        try (Admin admin = world.kafka().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(log.name(), Topics.partition(room, 4)), RecordsToDelete.beforeOffset(offset))).all().get(10, TimeUnit.SECONDS);
        }
    }

    private static long lastSeq(FrameClient client) {
        var messages = client.frames("message");
        return messages.isEmpty() ? 0 : messages.get(messages.size() - 1).get("seq").asLong();
    }
}
