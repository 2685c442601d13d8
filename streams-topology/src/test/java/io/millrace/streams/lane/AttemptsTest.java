package io.millrace.streams.lane;

import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.DrivenPipeline;
import io.millrace.streams.Written;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import io.millrace.streams.room.SequencerSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SYN-4, SYN-5, SYN-6, SYN-7, SYN-10: what messages need before they go on, and what becomes of those that wait behind. */
class AttemptsTest {
    private static final Cause REFUSED = new Cause(ErrorCode.REFUSED, "not here", false, "profanity");
    private static final Cause BUSY = Cause.of(ErrorCode.HOOK_UNAVAILABLE, "503");
    private static final LaneSettings WITH_HOOK = LaneSettings.DEFAULTS.with(LaneSettings.Attempts.DEFAULTS.withHook());

    private final Written ana = by("ana");
    private final Written image = ana.type(MessageType.IMAGE);
    private DrivenPipeline pipeline = new DrivenPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void with(LaneSettings settings) {
        pipeline.close();
        pipeline = new DrivenPipeline(settings, SequencerSettings.DEFAULTS);
    }

    @Test
    void letsAMediaMessageWithoutAttachmentsGoOnAtOnce() {
        pipeline.send(image.nth(1));
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.SYNCED);
    }

    @Test
    void waitsForAnUploadWithoutCountingAnAttempt() {
        pipeline.send(image.nth(1).with("a1", "a2")).upload("ana", "a2").pass(Duration.ofSeconds(3));
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.UPLOADING);
        pipeline.upload("ana", "a1");
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.UPLOADING, SyncState.SYNCED);
        assertThat(pipeline.eventsOf("m1").get(1).attempt()).isEqualTo(1);
    }

    @Test
    void takesAnUploadThatWasReadyBeforeTheMessage() {
        pipeline.upload("ana", "a1").send(image.nth(1).with("a1"));
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.SYNCED);
    }

    @Test
    void takesOnlyTheSendersOwnUploads() {
        pipeline.upload("ben", "a1").send(image.nth(1).with("a1"));
        assertThat(pipeline.log()).isEmpty();
    }

    @Test
    void failsAMessageAtOnceWhoseAttachmentHasFailed() {
        pipeline.send(image.nth(1).with("a1"), image.nth(2)).failUpload("ana", "a1");
        assertThat(pipeline.eventsOf("m1")).last().satisfies(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.ATTACHMENT_FAILED));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m2");
    }

    @Test
    void givesUploadsTenMinutesUnlessToldOtherwise() {
        assertThat(LaneSettings.DEFAULTS.attempts().uploadTimeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void failsAMessageWhoseUploadTakesTooLongFromAcceptance() {
        with(LaneSettings.DEFAULTS.with(new LaneSettings.Attempts(false, 3, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20))));
        pipeline.pass(Duration.ofSeconds(8)).send(image.nth(1).with("a1"), image.nth(2)).pass(Duration.ofMillis(11_900));
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.UPLOADING);
        pipeline.pass(Duration.ofSeconds(2));
        assertThat(pipeline.eventsOf("m1")).last().satisfies(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.UPLOAD_TIMEOUT));
        assertThat(pipeline.failures()).singleElement().satisfies(failure -> assertThat(failure.attempts()).isEmpty());
        assertThat(pipeline.idsIn("lobby")).containsExactly("m2");
    }

    @Test
    void takesMessagesWithoutALaneSeqAgainOnceTheirFullLaneHasRoom() {
        with(new LaneSettings(2, Duration.ofSeconds(15), LaneSettings.Attempts.DEFAULTS, OnFinalFailure.CONTINUE, Duration.ofDays(7)));
        var posted = image.byArrival();
        pipeline.send(posted.id("m1").with("a1"), posted.id("m2").with("a2"), posted.id("m3"));
        assertThat(pipeline.eventsOf("m3")).last().satisfies(event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.LANE_FULL));
        pipeline.upload("ana", "a1").send(posted.id("m4")).upload("ana", "a2");
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m4");
    }

    @Test
    void blocksOnlyTheMediaLaneOfItsSenderWhileAnUploadIsAwaited() {
        pipeline.send(image.nth(1).with("a1"), image.nth(2), ana.laneSeq(1).id("text"), by("ben").type(MessageType.IMAGE).id("ben1"));
        assertThat(pipeline.idsIn("lobby")).containsExactly("text", "ben1");
        pipeline.upload("ana", "a1");
        assertThat(pipeline.idsIn("lobby")).containsExactly("text", "ben1", "m1", "m2");
    }

    @Test
    void holdsWhatFollowsByArrivalBehindAnUpload() {
        pipeline.send(image.byArrival().id("a").with("a1"), image.byArrival().id("b"), image.byArrival().id("c")).upload("ana", "a1");
        assertThat(pipeline.idsIn("lobby")).containsExactly("a", "b", "c");
    }

    @Test
    void dropsAResendOfTheMessageThatWaits() {
        pipeline.send(image.nth(1).with("a1"), image.nth(1).with("a1")).upload("ana", "a1");
        assertThat(pipeline.eventsOf("m1")).extracting(SyncEvent::state).containsExactly(SyncState.UPLOADING, SyncState.SYNCED);
    }

    @Test
    void asksTheHookAndGoesOnWhenItSaysYes() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1), ana.nth(2));
        assertThat(pipeline.asked()).singleElement().satisfies(question -> assertThat(question.attempt()).isEqualTo(1));
        pipeline.answer(null).answer(null);
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2");
        assertThat(pipeline.events()).extracting(SyncEvent::state).containsOnly(SyncState.SYNCED);
    }

    @Test
    void putsDownTheTextAsTheHookChangedIt() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1)).answer(null, "kinder words");
        assertThat(pipeline.log()).singleElement().satisfies(record -> assertThat(record.entry().text()).isEqualTo("kinder words"));
    }

    @Test
    void failsAtOnceWhatTheHookRefuses() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1), ana.nth(2)).answer(REFUSED).answer(null);
        assertThat(pipeline.eventsOf("m1")).singleElement().satisfies(event -> assertThat(event.cause()).isEqualTo(REFUSED));
        assertThat(pipeline.failures()).singleElement().satisfies(failure -> assertThat(failure.attempts()).hasSize(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m2");
    }

    @Test
    void triesAgainAfterFiveSecondsWhenTheTroubleMayPass() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1)).answer(BUSY);
        assertThat(pipeline.eventsOf("m1")).singleElement().satisfies(event -> {
            assertThat(event.state()).isEqualTo(SyncState.SYNCING);
            assertThat(event.attempt()).isEqualTo(1);
            assertThat(event.maxAttempts()).isEqualTo(4);
            assertThat(event.nextAttemptAt()).isEqualTo(Written.START.plusSeconds(5));
            assertThat(event.cause()).isEqualTo(BUSY);
        });
        pipeline.pass(Duration.ofMillis(4_900));
        assertThat(pipeline.asked()).isEmpty();
        pipeline.pass(Duration.ofMillis(200)).answer(null);
        assertThat(pipeline.eventsOf("m1")).last().satisfies(event -> assertThat(event.attempt()).isEqualTo(2));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1");
    }

    @Test
    void failsWithAllAttemptsAfterThreeRetries() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1), ana.nth(2));
        for (int attempt = 1; attempt <= 4; attempt++) {
            assertThat(pipeline.log()).isEmpty();
            pipeline.answer(BUSY).pass(Duration.ofSeconds(6));
        }
        assertThat(pipeline.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.attempts()).extracting("attempt").containsExactly(1, 2, 3, 4);
            assertThat(failure.cause()).isEqualTo(BUSY);
            assertThat(failure.message()).isEqualTo(ana.nth(1).accepted().message());
        });
        assertThat(pipeline.eventsOf("m1")).hasSize(4).last().satisfies(event -> assertThat(event.attempt()).isEqualTo(4));
        assertThat(pipeline.asked()).singleElement().satisfies(question -> assertThat(question.accepted().message().id()).isEqualTo("m2"));
    }

    @Test
    void takesSilenceOfTheHookAsTroubleThatMayPass() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1)).pass(Duration.ofSeconds(60));
        assertThat(pipeline.asked()).hasSize(4);
        assertThat(pipeline.failures()).singleElement().satisfies(failure -> assertThat(failure.cause().code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE));
    }

    @Test
    void ignoresAVerdictOnAnAttemptThatWasGivenUp() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1)).pass(Duration.ofSeconds(16));
        var first = pipeline.asked().remove(0);
        pipeline.answer(first, REFUSED, null).answer(null).answer(first, REFUSED, null);
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1");
        assertThat(pipeline.failures()).isEmpty();
    }

    @Test
    void takesAChangeThatIsNoMessageAsTroubleThatMayPass() {
        with(WITH_HOOK);
        pipeline.send(ana.nth(1)).answer(null, "\ud800");
        assertThat(pipeline.eventsOf("m1")).singleElement().satisfies(event -> assertThat(event.state()).isEqualTo(SyncState.SYNCING));
    }

    @Test
    void asksTheHookOnlyOnceTheAttachmentsAreReady() {
        with(WITH_HOOK);
        pipeline.send(image.nth(1).with("a1"));
        assertThat(pipeline.asked()).isEmpty();
        pipeline.upload("ana", "a1").answer(null);
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1");
    }

    @Test
    void failsTheRestOfTheLaneHeldOrNotWhenToldTo() {
        with(WITH_HOOK.with(OnFinalFailure.FAIL_REST));
        pipeline.send(ana.nth(1), ana.nth(2), ana.nth(3), ana.nth(5), image.nth(1).id("image")).answer(REFUSED);
        assertThat(pipeline.failures()).extracting(failure -> failure.id() + " " + failure.cause().code())
                .containsExactly("m1 REFUSED", "m2 LANE_FAILED", "m3 LANE_FAILED", "m5 LANE_FAILED");
        pipeline.send(ana.nth(4), ana.nth(6)).answer(null).answer(null).answer(null);
        assertThat(pipeline.idsIn("lobby")).containsExactly("image", "m4", "m6");
    }

    @Test
    void startsNoFailingOfTheRestForOvertakenOrLaneFull() {
        var settings = LaneSettings.DEFAULTS;
        with(new LaneSettings(2, settings.gapTimeout(), settings.attempts(), OnFinalFailure.FAIL_REST, settings.idle()));
        pipeline.send(ana.nth(2), ana.nth(3), ana.nth(4), ana.laneSeq(2).id("other"), ana.nth(1));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m3");
        assertThat(pipeline.failures()).extracting(failure -> failure.cause().code()).containsExactly(ErrorCode.LANE_FULL, ErrorCode.OVERTAKEN);
    }
}
