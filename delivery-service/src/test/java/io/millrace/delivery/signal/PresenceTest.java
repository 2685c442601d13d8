package io.millrace.delivery.signal;

import static io.millrace.delivery.signal.SignalWorld.ROOM;
import static io.millrace.delivery.signal.SignalWorld.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.record.PresenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ROOM-1: who is present is the same on every pod, outlives drops for the recovery window, and ends with the connections, whatever dies. */
class PresenceTest {
    private static final Duration MOMENT = Duration.ofMillis(200);
    private static final Duration LITTLE = Duration.ofSeconds(12);

    private final SignalWorld world = new SignalWorld(SignalWorld.settings(3, 20, 20));
    private final SignalWorld.Pod here = world.pod("here");
    private final SignalWorld.Pod there = world.pod("there");
    private final SignalWorld.Client ben = there.client("ben");

    @Test
    void tellsTheSetAtAttachAndThenChangesOnEveryPod() {
        var ana = here.client("ana");
        ana.enter("here");
        world.pass(MOMENT);
        ana.enter("away");
        world.pass(MOMENT);
        var cid = there.client("cid");

        assertThat(ben.changes()).containsExactly("enter ana", "update ana");
        assertThat(ana.changes()).containsExactly("enter ana", "update ana");
        assertThat(cid.changes()).isEmpty();
        assertThat(cid.members()).isEqualTo(Map.of("ana", "away"));

        ana.leave();
        world.pass(MOMENT);
        assertThat(ben.last("presence").get("event").asText()).isEqualTo("leave");
        assertThat(cid.members()).isEmpty();
    }

    @Test
    @DisplayName("ROOM-1: who drops and comes back within the window never left; who does not, leaves when it has passed")
    void keepsAMemberThroughADropForTheWindow() {
        var ana = here.client("ana");
        ana.enter("here");
        world.pass(MOMENT);
        ana.drop();
        world.pass(WINDOW.minusSeconds(5));
        assertThat(ben.members()).containsKey("ana");

        var back = there.client("ana");
        back.enter("here");
        world.pass(WINDOW.multipliedBy(2));
        assertThat(ben.changes()).containsExactly("enter ana");

        back.drop();
        world.pass(WINDOW.minusSeconds(1));
        assertThat(ben.members()).containsKey("ana");
        world.pass(Duration.ofSeconds(2));
        assertThat(ben.changes()).containsExactly("enter ana", "leave ana");
    }

    @Test
    void aMemberIsPresentWhileAnyOfItsConnectionsIs() {
        var phone = here.client("ana");
        var desk = there.client("ana");
        phone.enter("phone");
        world.pass(MOMENT);
        desk.enter("desk");
        world.pass(MOMENT);
        assertThat(ben.members()).containsEntry("ana", "desk");

        desk.leave();
        world.pass(MOMENT);

        assertThat(ben.members()).containsEntry("ana", "phone");
        assertThat(ben.changes()).containsExactly("enter ana", "update ana", "update ana");
    }

    @Test
    void leavingTakesTheDroppedConnectionsAlong() {
        var lost = here.client("ana");
        lost.enter("here");
        world.pass(MOMENT);
        lost.drop();
        var back = there.client("ana");
        back.enter("here");
        world.pass(MOMENT);

        back.leave();
        world.pass(MOMENT);

        assertThat(ben.members()).isEmpty();
        assertThat(world.keys()).noneMatch(key -> key.startsWith(ROOM + "/member/"));
    }

    @Test
    @DisplayName("ROOM-1: the members of a pod that dies leave when the window has passed, everywhere and for later clients, and their records are swept up")
    void membersOfADeadPodLeaveAfterTheWindow() {
        here.client("ana").enter("here");
        world.pass(LITTLE);
        here.kill();
        world.pass(WINDOW.minus(LITTLE));
        assertThat(ben.members()).containsKey("ana");

        world.pass(LITTLE.multipliedBy(2));
        assertThat(ben.changes()).containsExactly("enter ana", "leave ana");
        assertThat(world.pod("third").client("cid").members()).isEmpty();

        world.pass(WINDOW.multipliedBy(3));
        assertThat(world.keys()).noneMatch(key -> key.contains("/member/") || key.endsWith("/here"));
    }

    @Test
    void membersOfAPodThatLivesStayForEver() {
        here.client("ana").enter("here");
        world.pass(WINDOW.multipliedBy(20));

        assertThat(ben.changes()).containsExactly("enter ana");
        assertThat(world.pod("third").client("cid").members()).containsKey("ana");
    }

    @Test
    void aPodThatStoodStillSaysItsMembersAgain() {
        var ana = here.client("ana");
        ana.enter("here");
        world.pass(LITTLE);
        here.standStill();
        world.pass(WINDOW.multipliedBy(4));
        assertThat(ben.members()).isEmpty();

        here.wake();
        world.pass(LITTLE);

        assertThat(ben.members()).containsKey("ana");
        assertThat(ana.members()).containsKey("ana");
    }

    @Test
    void whatKafkaDidNotTakeIsSaidWhenItIsBack() {
        var ana = here.client("ana");
        world.pass(MOMENT);
        world.kafkaAway(true);
        assertThat(ana.enter("here").toCompletableFuture()).isCompletedExceptionally();
        world.pass(LITTLE);
        assertThat(ben.members()).isEmpty();

        world.kafkaAway(false);
        world.pass(LITTLE);
        assertThat(ben.members()).containsKey("ana");

        world.kafkaAway(true);
        ana.drop();
        world.pass(MOMENT);
        world.kafkaAway(false);
        world.pass(WINDOW.plusSeconds(2));
        assertThat(ben.members()).isEmpty();
    }

    @Test
    @DisplayName("DEL-7: who missed a change gets the whole set when there is room, and is told right again from there")
    void givesTheWholeSetToWhoMissedAChange() {
        var ana = here.client("ana");
        var cid = here.client("cid");
        world.pass(MOMENT);
        ben.full(true);
        ana.enter("here");
        cid.enter("here");
        world.pass(MOMENT);
        ana.leave();
        world.pass(MOMENT);
        assertThat(ben.changes()).isEmpty();

        ben.full(false);
        world.pass(MOMENT);
        assertThat(ben.members()).isEqualTo(Map.of("cid", "here"));

        there.signals.missed(ben.subscriber); // dropped after it was taken
        cid.enter("away");
        world.pass(MOMENT);
        assertThat(ben.last("presence").get("event").asText()).isEqualTo("present");
        assertThat(ben.members()).isEqualTo(Map.of("cid", "away"));
    }

    @Test
    void tellsTheOldestMembersOnlyAndMovesUpTheNext() {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            here.client(name).enter(name);
            world.pass(MOMENT);
        }
        assertThat(ben.members()).containsOnlyKeys("a", "b", "c");
        var late = there.client("late");
        assertThat(late.last("presence").get("total").asInt()).isEqualTo(4);
        assertThat(late.members()).containsOnlyKeys("a", "b", "c");

        var again = here.client("a");
        again.enter("a");
        again.leave();
        world.pass(MOMENT);
        assertThat(ben.members()).as("the first connection is still there").containsOnlyKeys("a", "b", "c");
    }

    @Test
    void countsWhatIsMoreThanItKeeps() {
        for (int i = 0; i < 25; i++) {
            here.client("m" + i).enter("x");
        }
        world.pass(MOMENT);

        assertThat(here.counts.untracked).isPositive();
        assertThat(here.counts.kept).isEqualTo(20);
        assertThat(ben.members()).hasSize(3);
    }

    @Test
    void tellsNothingToWhoWantsNothing() {
        var quiet = there.client("dan", Set.of());
        var typingOnly = there.client("eve", Set.of(RoomSignalKind.TYPING));
        here.client("ana").enter("here");
        world.pass(LITTLE);

        assertThat(quiet.frames("presence")).isEmpty();
        assertThat(quiet.frames("occupancy")).isEmpty();
        assertThat(typingOnly.frames("presence")).isEmpty();
        assertThat(typingOnly.frames("typing")).hasSize(1);
    }

    @Test
    void isIdleOnceNobodyIsThereAndNothingOfItsOwnIsLeft() {
        var ana = here.client("ana");
        ana.enter("here");
        world.pass(MOMENT);
        ana.drop();
        world.pass(LITTLE);
        assertThat(here.signals.isIdle()).as("its member is still present").isFalse();

        world.pass(WINDOW.plusSeconds(5));
        assertThat(here.signals.isIdle()).isTrue();
        assertThat(world.keys()).noneMatch(key -> key.startsWith(ROOM + "/") && key.endsWith("/here"));
    }

    @Test
    void aStrangersRecordCountsFromItsOwnTimeOnly() {
        var longAgo = Instant.parse("2026-11-22T04:00:00Z");
        world.inject(PresenceRecord.member("gone", ROOM, "old", "c9", null, longAgo, longAgo));
        world.pass(MOMENT);
        assertThat(ben.members()).isEmpty();

        world.pass(WINDOW);
        assertThat(world.keys()).doesNotContain(ROOM + "/member/c9");
    }
}
