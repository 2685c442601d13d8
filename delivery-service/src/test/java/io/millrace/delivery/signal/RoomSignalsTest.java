package io.millrace.delivery.signal;

import static io.millrace.delivery.signal.SignalWorld.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.record.PresenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ROOM-2 to ROOM-5 across pods, with a clock that is driven. */
class RoomSignalsTest {
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final SignalWorld world = new SignalWorld(SignalWorld.settings(4, 100, 3));
    private final SignalWorld.Pod here = world.pod("here");
    private final SignalWorld.Pod there = world.pod("there");
    private final SignalWorld.Client ana = here.client("ana");
    private final SignalWorld.Client ben = there.client("ben");

    @Test
    @DisplayName("ROOM-2: a member types until it stops, or until 2 s after its next heartbeat was due")
    void tellsWhoTypesUntilItsHeartbeatIsLate() {
        here.signals.type(ana.subscriber, true);
        world.pass(MOMENT);
        assertThat(typing(ben)).containsExactly("ana");

        world.pass(Duration.ofSeconds(10));
        here.signals.type(ana.subscriber, true);
        world.pass(Duration.ofMillis(11_500));
        assertThat(typing(ben)).containsExactly("ana");
        assertThat(ben.frames("typing")).as("heartbeats are no news").hasSize(2);

        world.pass(Duration.ofSeconds(1));
        assertThat(typing(ben)).isEmpty();

        here.signals.type(ana.subscriber, true);
        world.pass(MOMENT);
        here.signals.type(ana.subscriber, false);
        world.pass(MOMENT);
        assertThat(typing(ben)).isEmpty();
    }

    @Test
    void namesSomeOfManyWhoTypeAndCountsTheRest() {
        for (String name : List.of("c", "d", "e", "f", "g")) {
            here.signals.type(here.client(name).subscriber, true);
        }
        world.pass(MOMENT);

        assertThat(typing(ben)).containsExactly("c", "d", "e");
        assertThat(ben.last("typing").get("more").asInt()).isEqualTo(1);
        assertThat(there.counts.heldBack).containsEntry(RoomSignalKind.TYPING, 1);
    }

    @Test
    @DisplayName("ROOM-2: of one connection's heartbeats those are passed on that say something new, and never is one in time lost")
    void throttlesHeartbeats() {
        var throttle = new Throttle(Duration.ofSeconds(10));
        var start = Instant.EPOCH;

        assertThat(throttle.passes(ROOM, start)).isTrue();
        assertThat(throttle.passes(ROOM, start.plusSeconds(4))).isFalse();
        assertThat(throttle.passes("den", start.plusSeconds(4))).isTrue();
        assertThat(throttle.passes(ROOM, start.plusMillis(9_990))).isTrue();
        assertThat(throttle.reset(ROOM)).isTrue();
        assertThat(throttle.reset(ROOM)).isFalse();
        assertThat(throttle.passes(ROOM, start.plusSeconds(11))).isTrue();
    }

    @Test
    @DisplayName("ROOM-3: a reaction reaches who is there, once; it is not kept, not owed, and a flood of them is cut")
    void tellsReactionsToWhoIsThere() {
        here.signals.react(ana.subscriber, "tada");
        world.pass(MOMENT);
        assertThat(ben.frames("reaction")).hasSize(1);
        assertThat(ben.last("reaction").get("member").asText()).isEqualTo("ana");
        assertThat(ben.last("reaction").get("name").asText()).isEqualTo("tada");
        assertThat(there.client("late").frames("reaction")).isEmpty();

        ben.full(true);
        here.signals.react(ana.subscriber, "missed");
        ben.full(false);
        world.pass(Duration.ofSeconds(1));
        assertThat(ben.frames("reaction")).hasSize(1);

        for (int i = 0; i < 9; i++) {
            here.signals.react(ana.subscriber, "spam");
        }
        assertThat(ben.frames("reaction")).hasSize(6);
        assertThat(there.counts.heldBack).containsEntry(RoomSignalKind.REACTION, 4);
        world.pass(Duration.ofSeconds(1));
        here.signals.react(ana.subscriber, "later");
        assertThat(ben.frames("reaction")).hasSize(7);
    }

    @Test
    @DisplayName("ROOM-4: occupancy counts connections and members of all pods; many changes are few frames, and the last one is told")
    void countsConnectionsAndMembersOfAllPodsDebounced() {
        ana.enter(null);
        world.pass(Duration.ofSeconds(5));
        assertThat(occupancy(ben)).isEqualTo("2 1");
        int before = ben.frames("occupancy").size();

        for (int i = 0; i < 20; i++) {
            here.client("guest" + i);
            world.pass(MOMENT);
        }
        world.pass(Duration.ofSeconds(5));

        assertThat(occupancy(ben)).isEqualTo("22 1");
        assertThat(occupancy(ana)).isEqualTo("22 1");
        assertThat(ben.frames("occupancy").size() - before).isBetween(2, 4);
        assertThat(world.written(ROOM + "/connections/here")).isLessThan(6);

        here.kill();
        world.pass(SignalWorld.WINDOW.plusSeconds(15));
        assertThat(occupancy(ben)).isEqualTo("1 0");
    }

    @Test
    @DisplayName("ROOM-5: a read position is kept, moves forward only, is told to subscribers and at attach, with what is unread")
    void keepsReadPositions() {
        here.signals.read(ana.subscriber, "e1", 40);
        world.pass(MOMENT);
        assertThat(position(ben, "ana")).isEqualTo("40 unread 10");

        here.signals.read(ana.subscriber, "e1", 38);
        world.pass(MOMENT);
        assertThat(ben.frames("read")).as("nothing new").hasSize(1);

        ben.at("e1", 60);
        assertThat(position(there.client("late"), "ana")).isEqualTo("40 unread 20");
        here.kill();
        world.pass(SignalWorld.WINDOW.multipliedBy(5));
        assertThat(position(world.pod("third").client("later"), "ana")).startsWith("40 ");
    }

    @Test
    @DisplayName("ROOM-5: a lower position that two devices' race put last is not what compaction keeps")
    void saysTheHigherPositionAgain() {
        here.signals.read(ana.subscriber, "e1", 41);
        world.inject(PresenceRecord.read("here", ROOM, "ana", "e1", 40, Instant.parse("2026-11-22T05:00:01Z")));

        assertThat(world.stored(ROOM + "/read/ana").seq()).isEqualTo(41);
        assertThat(position(here.client("late"), "ana")).startsWith("41 ");
    }

    @Test
    @DisplayName("ROOM-5: a position in a room that was made anew counts nothing of it, and the new one replaces it")
    void aNewEpochBeginsAnew() {
        here.signals.read(ana.subscriber, "e1", 50);
        ana.at("e2", 4);
        ben.at("e2", 4);
        world.pass(MOMENT);
        assertThat(position(ben, "ana")).isEqualTo("50 unread 4");

        here.signals.read(ana.subscriber, "e2", 3);
        world.pass(MOMENT);
        assertThat(position(ben, "ana")).isEqualTo("3 unread 1");
    }

    @Test
    void forgetsThePositionChangedLongestAgoWhenThereAreTooMany() {
        here.signals.read(ana.subscriber, "e1", 1);
        for (String name : List.of("c", "d", "e")) {
            var client = here.client(name);
            here.signals.read(client.subscriber, "e1", 2);
        }
        world.pass(MOMENT);

        assertThat(here.counts.forgotten).isEqualTo(1);
        assertThat(StreamSupport.stream(here.client("late").last("read").get("positions").spliterator(), false).map(each -> each.get("member").asText()))
                .containsExactly("c", "d", "e");
    }

    private static List<String> typing(SignalWorld.Client client) {
        return StreamSupport.stream(client.last("typing").get("members").spliterator(), false).map(JsonNode::asText).toList();
    }

    private static String occupancy(SignalWorld.Client client) {
        var told = client.last("occupancy");
        return told.get("connections").asInt() + " " + told.get("members").asInt();
    }

    private static String position(SignalWorld.Client client, String member) {
        return StreamSupport.stream(client.last("read").get("positions").spliterator(), false).filter(each -> each.get("member").asText().equals(member))
                .map(each -> each.get("seq").asLong() + " unread " + each.get("unread").asLong()).findFirst().orElseThrow();
    }
}
