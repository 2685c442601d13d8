package io.millrace.streams.lane;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.DrivenPipeline;
import io.millrace.streams.Written;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.SequencerSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SYN-1, SYN-3, SYN-5: when the messages of a lane go on. */
class LaneSchedulerTest {
    private DrivenPipeline pipeline = new DrivenPipeline();
    private final Written ana = by("ana");

    @AfterEach
    void close() {
        pipeline.close();
    }

    private DrivenPipeline limitedTo(int limit) {
        pipeline.close();
        var settings = LaneSettings.DEFAULTS;
        pipeline = new DrivenPipeline(new LaneSettings(limit, settings.gapTimeout(), settings.attempts(), settings.onFinalFailure(), settings.idle()), SequencerSettings.DEFAULTS);
        return pipeline;
    }

    @Test
    void letsMessagesInOrderGoOnAtOnce() {
        pipeline.send(ana.nth(1), ana.nth(2), ana.nth(3));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m3");
    }

    @Test
    void holdsALaneSeqThatSkipsAheadUntilTheHoleIsFilled() {
        pipeline.send(ana.nth(2), ana.nth(3));
        assertThat(pipeline.log()).isEmpty();
        pipeline.send(ana.nth(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m3");
    }

    @Test
    void goesPastAHoleThatIsNotFilledInTime() {
        pipeline.send(ana.nth(1), ana.nth(3), ana.nth(5)).pass(Duration.ofMillis(14_900));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1");
        pipeline.pass(Duration.ofSeconds(4));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m3", "m5");
    }

    @Test
    void failsWhatComesLateForAHoleAsOvertaken() {
        pipeline.send(ana.nth(1), ana.nth(3)).pass(Duration.ofSeconds(17)).send(ana.nth(2), ana.nth(4));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m3", "m4");
        assertThat(pipeline.eventsOf("m2")).singleElement().satisfies(event -> {
            assertThat(event.state()).isEqualTo(SyncState.FAILED);
            assertThat(event.cause().code()).isEqualTo(ErrorCode.OVERTAKEN);
        });
    }

    @Test
    void failsWhatComesForAHoleOnceTheLaneHasDecidedToPassIt() {
        pipeline.send(ana.nth(2)).pass(Duration.ofMillis(15_100)).send(ana.nth(1));
        assertThat(pipeline.eventsOf("m1")).singleElement().satisfies(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.OVERTAKEN));
        pipeline.pass(Duration.ofSeconds(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m2");
    }

    @Test
    void doesNotPassAHoleRightAfterAPause() {
        pipeline.send(ana.nth(2));
        pipeline.scheduler().advanceWallClockTime(Duration.ofHours(1));
        pipeline.pass(Duration.ofSeconds(14)).send(ana.nth(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2");
    }

    @Test
    void holds256MessagesOfALaneUnlessToldOtherwise() {
        assertThat(LaneSettings.DEFAULTS.limit()).isEqualTo(256);
    }

    @Test
    void failsWhatIsMoreThanALaneHoldsAndUsesUpItsLaneSeq() {
        limitedTo(3).send(ana.nth(2), ana.nth(3), ana.nth(4), ana.nth(5));
        assertThat(pipeline.events()).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo("m5");
            assertThat(event.cause().code()).isEqualTo(ErrorCode.LANE_FULL);
        });
        pipeline.send(ana.nth(1), ana.nth(6));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m3", "m4", "m6");
    }

    @Test
    void answersAResendOfWhatDidNotFitWithItsFailure() {
        limitedTo(1).send(ana.nth(2), ana.nth(3), ana.nth(3));
        assertThat(pipeline.eventsOf("m3")).hasSize(2).allSatisfy(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.LANE_FULL));
    }

    @Test
    void stepsOverWhatDidNotFitWhenItPassesAHole() {
        limitedTo(1).send(ana.nth(2), ana.nth(3)).pass(Duration.ofSeconds(17)).send(ana.nth(4));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m2", "m4");
    }

    @Test
    void dropsAResendOfWhatIsHeld() {
        pipeline.send(ana.nth(2), ana.nth(2), ana.nth(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2");
        assertThat(pipeline.events()).hasSize(2);
    }

    @Test
    void failsAnotherMessageForALaneSeqThatIsTaken() {
        pipeline.send(ana.nth(2), ana.laneSeq(2).id("other"), ana.nth(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2");
        assertThat(pipeline.eventsOf("other")).singleElement().satisfies(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.OVERTAKEN));
    }

    @Test
    void blocksOnlyItsOwnLane() {
        pipeline.send(ana.nth(2), ana.laneSeq(1).id("image").type(MessageType.IMAGE), ana.session("s2").laneSeq(1).id("elsewhere"), by("ben").id("ben1"));
        assertThat(pipeline.idsIn("lobby")).containsExactly("image", "elsewhere", "ben1");
    }

    @Test
    void takesMessagesWithoutLaneSeqAsTheyArrive() {
        pipeline.send(ana.byArrival().id("a"), ana.nth(1), ana.byArrival().id("b"), ana.byArrival().id("c"));
        assertThat(pipeline.idsIn("lobby")).containsExactly("a", "m1", "b", "c");
    }

    @Test
    void keepsOneOrderForAllRoomsOfALane() {
        pipeline.send(ana.nth(3).in("den"), ana.nth(2), ana.nth(1).in("den"));
        assertThat(pipeline.log()).extracting(record -> record.entry().id()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void forgetsAQuietLane() {
        pipeline.send(ana.nth(1));
        var lanes = pipeline.scheduler().getKeyValueStore(LaneScheduler.LANES);
        assertThat(lanes.approximateNumEntries()).isPositive();
        pipeline.scheduler().advanceWallClockTime(Duration.ofDays(8));
        pipeline.pass(Duration.ofSeconds(1));
        try (var left = lanes.all()) {
            assertThat(left.hasNext()).isFalse();
        }
    }

    @Test
    void survivesTheLargestLaneSeq() {
        pipeline.send(ana.nth(Long.MAX_VALUE)).pass(Duration.ofSeconds(17)).send(ana.laneSeq(Long.MAX_VALUE).id("again"));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m" + Long.MAX_VALUE, "again");
    }
}
