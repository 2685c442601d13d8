package io.millrace.delivery.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
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
        fixture.interrupt(Interruption.TRUNCATED, log.records.size());
        fixture.settle(client);
        log.append("a", "e1", 4, "another four");
        fixture.settle(client);

        assertGap(client.last("discontinuity"), "LOG_TRUNCATED", 4, 5, false);
        assertThat(client.transcript().seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 4L);
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
        fixture.rooms.accept("{\"room\":\"a\"".getBytes(), 0);
        fixture.rooms.accept(new byte[0], 1);
        fixture.rooms.accept("[]".getBytes(), 2);

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
