package io.millrace.streams.room;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.LogRecord;
import io.millrace.streams.DrivenPipeline;
import io.millrace.streams.Written;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** LOG-2, LOG-3, MSG-4: who may change what stands in a room's log. */
class ChangesTest {
    private final DrivenPipeline pipeline = new DrivenPipeline();
    private final Written ana = by("ana");
    private final Written ben = by("ben");

    @AfterEach
    void close() {
        pipeline.close();
    }

    private ErrorCode failureOf(String id) {
        return pipeline.eventsOf(id).get(0).cause() == null ? null : pipeline.eventsOf(id).get(0).cause().code();
    }

    @Test
    void letsTheAuthorEditAndDelete() {
        pipeline.send(ana.nth(1), ana.nth(2).changing(Action.UPDATE, 1), ana.nth(3).changing(Action.DELETE, 1));
        assertThat(pipeline.log()).extracting(LogRecord::seq).containsExactly(1L, 2L, 3L);
        assertThat(pipeline.log().get(1).entry()).satisfies(entry -> {
            assertThat(entry.target()).isEqualTo(1);
            assertThat(entry.text()).isEqualTo("text of m2");
        });
    }

    @Test
    void forbidsAnotherSenderAndLetsItsLaneGoOn() {
        pipeline.send(ana.nth(1), ben.id("b1").changing(Action.UPDATE, 1), ben.laneSeq(2).id("b2").changing(Action.DELETE, 1), ben.laneSeq(3).id("b3"));
        assertThat(failureOf("b1")).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(failureOf("b2")).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "b3");
        assertThat(pipeline.failures()).hasSize(2);
    }

    @Test
    void letsAModeratorEditAndDelete() {
        pipeline.send(ana.nth(1), ben.id("b1").changing(Action.DELETE, 1).asModerator());
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "b1");
    }

    @Test
    void letsAnyoneReact() {
        pipeline.send(ana.nth(1), ben.id("b1").changing(Action.REACTION_ADD, 1), ben.laneSeq(2).id("b2").changing(Action.REACTION_REMOVE, 1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "b1", "b2");
    }

    @Test
    void failsATargetThatIsNoCreateEntryOfTheRoom() {
        pipeline.send(ana.nth(1), ana.nth(2).changing(Action.UPDATE, 1));
        pipeline.send(ana.nth(3).changing(Action.UPDATE, 2), ana.nth(4).changing(Action.REACTION_ADD, 9), ana.nth(5).in("den").changing(Action.DELETE, 1));
        assertThat(pipeline.failures()).hasSize(3).allSatisfy(failure -> assertThat(failure.cause().code()).isEqualTo(ErrorCode.TARGET_UNKNOWN));
    }

    @Test
    void failsATargetOlderThanTheLogKeepsItJudgedByTheMessagesOwnTimes() {
        var atTheEdge = Written.START.plus(Duration.ofDays(30));
        pipeline.send(ana.nth(1), ana.nth(2).changing(Action.UPDATE, 1).at(atTheEdge), ana.nth(3).changing(Action.UPDATE, 1).at(atTheEdge.plusMillis(1)));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2");
        assertThat(failureOf("m3")).isEqualTo(ErrorCode.TARGET_UNKNOWN);
    }

    @Test
    void keepsTheFirstWordOfAnEditThatFailedThoughTheTargetCameLater() {
        pipeline.send(ana.nth(1).changing(Action.UPDATE, 1), ana.nth(2), ana.laneSeq(3).id("m1").changing(Action.UPDATE, 1));
        assertThat(pipeline.eventsOf("m1")).hasSize(2).containsOnly(pipeline.eventsOf("m1").get(0));
    }
}
