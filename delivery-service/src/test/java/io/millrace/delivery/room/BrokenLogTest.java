package io.millrace.delivery.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-4, CON-6, DEL-5: a log that jumps, repeats, breaks off or begins anew under connected clients. */
class BrokenLogTest {
    private final RoomsFixture fixture = new RoomsFixture(100_000);
    private final SimulatedLog log = fixture.log;

    @Test
    void fillsAJumpInSeqFromHistoryWhereHistoryHoldsIt() {
        var client = subscribed();
        log.writeAndCommit("a", 4);
        fixture.skipRecords(3);
        fixture.settle(client);

        Guarantee.verify(client.transcript(), new NothingLost(1, 4), new NoDuplicates(), new Ordered());
    }

    @Test
    void reportsAJumpInSeqThatNobodyCanFill() {
        var client = subscribed();
        log.append("a", "e1", 1, "one");
        log.append("a", "e1", 5, "five");
        fixture.settle(client);

        assertThat(client.ops()).containsSubsequence("message", "discontinuity", "message");
        assertGap(client.last("discontinuity"), "SERVER", 2, 4, false);
        Guarantee.verify(client.transcript(), new EveryGapReported(1, 5), new NoDuplicates(), new Ordered());
        assertThat(fixture.events.discontinuities).singleElement().satisfies(gap -> assertThat(gap.lost()).isEqualTo(3));
    }

    @Test
    void dropsARepeatWithTheSameContent() {
        var client = subscribed();
        log.write("a");
        log.abort();
        log.settle();
        fixture.settle(client);

        assertThat(client.transcript().seqs()).containsExactly(1L);
        assertThat(fixture.events.repeats).isEqualTo(1);
        assertThat(fixture.events.differing).isZero();
    }

    @Test
    void raisesTheAlarmOnceForRepeatsThatDiffer() {
        var client = subscribed();
        log.append("a", "e1", 1, "one");
        log.append("a", "e1", 2, "two");
        log.append("a", "e1", 3, "three");
        fixture.settle(client);
        log.append("a", "e1", 2, "other");
        log.append("a", "e1", 3, "another");
        fixture.settle(client);

        assertThat(fixture.events.differing).isEqualTo(2);
        assertThat(client.transcript().gaps()).hasSize(1);
        assertGap(client.last("discontinuity"), "SERVER", 2, 3, true);
        assertThat(client.transcript().seqs()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void tellsEveryReaderWhenTheTopicWasMadeAnewAndGoesOn() {
        var client = subscribed();
        log.writeAndCommit("a", 3);
        fixture.settle(client);
        log.recreate();
        fixture.interrupt(Interruption.RECREATED, 0);
        log.append("a", "e2", 1, "first");
        fixture.settle(client);

        assertThat(client.transcript().gaps()).hasSize(1);
        assertGap(client.last("discontinuity"), "STREAM_RECREATED", 1, 3, false);
        assertThat(client.transcript().entries()).last().satisfies(entry -> assertThat(entry.epoch()).isEqualTo("e2"));
    }

    @Test
    void tellsEveryReaderOfANewEpochInTheSameLog() {
        var client = subscribed();
        log.append("a", "e1", 1, "one");
        fixture.settle(client);
        log.append("a", "e2", 3, "third");
        fixture.settle(client);

        assertGap(client.last("discontinuity"), "STREAM_RECREATED", 1, 2, false);
        assertThat(client.transcript().seqs()).containsExactly(1L, 3L);
    }

    @Test
    void tellsReadersWhatIsVoidWhenTheLogWasTruncated() {
        var client = subscribed();
        log.writeAndCommit("a", 5);
        fixture.settle(client);
        log.truncate("a", 3);
        fixture.interrupt(new Interruption.Truncated(log.records.size()), log.records.size());
        fixture.settle(client);
        log.append("a", "e1", 4, "another four");
        fixture.settle(client);

        assertGap(client.last("discontinuity"), "LOG_TRUNCATED", 4, 5, false);
        assertThat(client.transcript().seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 4L);
    }

    @Test
    @DisplayName("CON-4: a log cut and grown again past where a reader was: what it was given of the cut part is void, what stands there now comes anew")
    void tellsReadersWhatIsVoidWhenTheLogWasCutAndHasGrownAgain() {
        var reader = subscribed();
        var neighbour = fixture.client("b", 1_000_000).subscribe(null);
        fixture.settle(reader, neighbour);
        log.writeAndCommit("b", 2);
        log.writeAndCommit("a", 5);
        fixture.settle(reader, neighbour);
        log.truncate("a", 3);
        int cut = log.records.size();
        log.append("a", "e1", 4, "another four");
        log.append("a", "e1", 5, "another five");
        log.append("a", "e1", 6, "six");
        fixture.interrupt(new Interruption.Truncated(cut), log.records.size());
        fixture.settle(reader, neighbour);
        log.append("a", "e1", 7, "seven");
        log.append("b", "e1", 3, "three");
        fixture.settle(reader, neighbour);

        assertGap(reader.last("discontinuity"), "LOG_TRUNCATED", 4, 5, false);
        assertThat(reader.transcript().seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 4L, 5L, 6L, 7L);
        assertThat(reader.received.stream().map(frame -> frame.at("/entry/text").asText()).filter(text -> !text.isEmpty())).endsWith("another four", "another five", "six", "seven");
        assertThat(neighbour.ops()).doesNotContain("discontinuity");
        assertThat(neighbour.transcript().seqs()).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName("CON-1: a cursor of the cut part is told what is void, whenever it comes back; who subscribes meanwhile waits until it is found out")
    void judgesCursorsOfTheCutPart() {
        var gone = subscribed();
        log.writeAndCommit("a", 5);
        fixture.settle(gone);
        String cursor = gone.drop().cursor();
        log.truncate("a", 3);
        int cut = log.records.size();
        log.append("a", "e1", 4, "another four");
        log.append("a", "e1", 5, "another five");
        log.append("a", "e1", 6, "six");
        fixture.interrupt(new Interruption.Truncated(cut), log.records.size());
        var back = fixture.client("a", 1_000_000).subscribe(cursor);
        fixture.settle(back);
        log.append("a", "e1", 7, "seven");
        fixture.settle(back);

        assertGap(back.last("discontinuity"), "LOG_TRUNCATED", 4, 6, true);
        assertThat(back.last("subscribed").get("resumed").asBoolean()).isFalse();
        assertThat(back.transcript().seqs()).containsExactly(7L);
    }

    @Test
    void findsOutWhatACutLeftAsSoonAsHistoryAnswersAgain() {
        var reader = subscribed();
        log.writeAndCommit("a", 3);
        fixture.settle(reader);
        log.truncate("a", 2);
        int cut = log.records.size();
        fixture.interrupt(new Interruption.Truncated(cut), cut);
        log.append("a", "e1", 3, "another three");
        fixture.readOne();
        log.breakView(true);
        for (int i = 0; i < 20; i++) {
            fixture.runOne();
            log.answerOne();
            fixture.tick();
        }
        assertThat(reader.ops()).doesNotContain("discontinuity");
        log.breakView(false);
        fixture.settle(reader);

        assertGap(reader.last("discontinuity"), "LOG_TRUNCATED", 3, 3, false);
        assertThat(reader.transcript().seqs()).containsExactly(1L, 2L, 3L, 3L);
    }

    @Test
    void losesNothingWhenRecordsWerePassedOver() {
        var client = subscribed();
        log.writeAndCommit("a", 3);
        fixture.settle(client);
        log.writeAndCommit("a", 4);
        fixture.interrupt(Interruption.SKIPPED, log.records.size());
        fixture.settle(client);
        log.writeAndCommit("a", 1);
        fixture.settle(client);

        Guarantee.verify(client.transcript(), new NothingLost(1, 8), new NoDuplicates(), new Ordered());
    }

    @Test
    void skipsWhatIsNoLogRecordAndCountsIt() {
        var client = subscribed();
        fixture.rooms.accept("{\"room\":\"a\"".getBytes(), 0, 0);
        fixture.rooms.accept(new byte[0], 1, 0);
        fixture.rooms.accept("[]".getBytes(), 2, 0);

        assertThat(fixture.events.undecodable).isEqualTo(3);
        assertThat(client.ops()).containsExactly("subscribed");
    }

    private RoomsFixture.Client subscribed() {
        var client = fixture.follow().client("a", 1_000_000).subscribe(null);
        fixture.settle(client);
        return client;
    }

    private static void assertGap(JsonNode gap, String reason, long from, long to, boolean recoverable) {
        assertThat(gap.get("reason").asText()).isEqualTo(reason);
        assertThat(gap.get("from").asLong()).isEqualTo(from);
        assertThat(gap.get("to").asLong()).isEqualTo(to);
        assertThat(gap.get("lost").asLong()).isEqualTo(to - from + 1);
        assertThat(gap.get("recoverable").asBoolean()).isEqualTo(recoverable);
    }
}
