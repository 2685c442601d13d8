package io.millrace.streams.room;

import static io.millrace.streams.DrivenPipeline.TOPICS;
import static io.millrace.streams.Written.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Lane;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.DrivenPipeline;
import io.millrace.streams.Written;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SYN-2, SYN-7, SYN-8, SYN-9, LOG-0..2: what becomes of each message. */
class RoomSequencerTest {
    private final DrivenPipeline pipeline = new DrivenPipeline();
    private final Written ana = by("ana");

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void numbersEachRoomDenselyFromOne() {
        pipeline.send(ana.nth(1), ana.nth(2).in("den"), ana.nth(3), by("ben").id("b1"));
        assertThat(pipeline.log()).extracting(record -> record.room() + " " + record.seq()).containsExactly("lobby 1", "den 1", "lobby 2", "lobby 3");
        assertThat(pipeline.log()).filteredOn(record -> record.room().equals("lobby")).extracting("epoch").containsOnly(pipeline.log().get(0).epoch());
    }

    @Test
    void keepsTheTimeOfAcceptanceInTheEntry() {
        pipeline.send(ana.at(Written.START.minusSeconds(3)));
        assertThat(pipeline.log()).singleElement().satisfies(record -> assertThat(record.entry().at()).isEqualTo(Written.START.minusSeconds(3)));
    }

    @Test
    void tellsTheSenderWhereASyncedMessageStands() {
        pipeline.send(ana.nth(1));
        assertThat(pipeline.events()).singleElement().satisfies(event -> {
            assertThat(event.state()).isEqualTo(SyncState.SYNCED);
            assertThat(event.seq()).isEqualTo(1);
            assertThat(event.epoch()).isEqualTo(pipeline.log().get(0).epoch());
            assertThat(event.lane()).isEqualTo(Lane.TEXT);
            assertThat(event.attempt()).isEqualTo(1);
            assertThat(event.maxAttempts()).isEqualTo(4);
        });
    }

    @Test
    void answersADuplicateWithTheOriginalEventAndAddsNothing() {
        pipeline.send(ana.nth(1), ana.nth(2), ana.laneSeq(3).id("m1"), ana.nth(4));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "m2", "m4");
        assertThat(pipeline.eventsOf("m1")).hasSize(2).containsOnly(pipeline.events().get(0));
    }

    @Test
    void answersADuplicateFromAnotherSessionAndUsesUpItsLaneSeq() {
        pipeline.send(ana.nth(1), ana.session("s2").laneSeq(1).id("m1"), ana.session("s2").laneSeq(2).id("new"));
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1", "new");
        assertThat(pipeline.eventsOf("m1")).hasSize(2).containsOnly(pipeline.events().get(0));
    }

    @Test
    void answersAResendOfAPassedLaneSeqWithItsOriginalEventNotAsOvertaken() {
        pipeline.send(ana.nth(1), ana.nth(2), ana.nth(1));
        assertThat(pipeline.eventsOf("m1")).hasSize(2).allSatisfy(event -> assertThat(event.state()).isEqualTo(SyncState.SYNCED));
        assertThat(pipeline.failures()).isEmpty();
    }

    @Test
    void answersADuplicateOfAFailedMessageWithItsFailureAndRecordsItOnce() {
        pipeline.send(ana.nth(2)).pass(Duration.ofSeconds(17)).send(ana.nth(1), ana.laneSeq(3).id("m1"));
        assertThat(pipeline.eventsOf("m1")).hasSize(2).allSatisfy(event -> assertThat(event.state()).isEqualTo(SyncState.FAILED));
        assertThat(pipeline.eventsOf("m1").get(0)).isEqualTo(pipeline.eventsOf("m1").get(1));
        assertThat(pipeline.failures()).hasSize(1);
    }

    @Test
    void takesTheSameIdInAnotherRoomOrOfAnotherSenderAsAnotherMessage() {
        pipeline.send(ana.nth(1), ana.laneSeq(2).id("m1").in("den"), by("ben").id("m1"));
        assertThat(pipeline.log()).hasSize(3);
    }

    @Test
    void takesAnIdAgainAfterTheDuplicateWindow() {
        var later = Written.START.plus(Duration.ofHours(24));
        pipeline.send(ana.nth(1), ana.laneSeq(2).id("m1").at(later), ana.laneSeq(3).id("m1").at(later.plusMillis(1)));
        assertThat(pipeline.log()).hasSize(2);
    }

    @Test
    void writesTheWholeMessageOfAFailure() {
        pipeline.send(ana.nth(2)).pass(Duration.ofSeconds(17)).send(ana.nth(1));
        assertThat(pipeline.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.message()).isEqualTo(ana.nth(1).accepted().message());
            assertThat(failure.sender()).isEqualTo("ana");
            assertThat(failure.undecodable()).isNull();
        });
    }

    @Test
    void parksWhatCannotBeDecodedAndGoesOn() {
        var garbage = "{\"sender\":7".getBytes(StandardCharsets.UTF_8);
        pipeline.raw(TOPICS.text(), "ana", garbage).raw(TOPICS.media(), null, null).raw(TOPICS.roomInbox(), "lobby", garbage).send(ana.nth(1));
        assertThat(pipeline.failures()).hasSize(3).allSatisfy(failure -> assertThat(failure.undecodable()).isNotNull());
        assertThat(pipeline.failures().get(0).undecodable().value()).isEqualTo(garbage);
        assertThat(pipeline.failures().get(2).undecodable().topic()).isEqualTo(TOPICS.roomInbox().name());
        assertThat(pipeline.idsIn("lobby")).containsExactly("m1");
    }
}
