package io.millrace.delivery.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-2, DEL-3, DEL-7, CON-1..3, CON-5: single cases of attaching, replaying and serving slow clients. */
class PartitionRoomsTest {
    private static final long ROOMY = 1_000_000;

    private final RoomsFixture fixture = new RoomsFixture(100_000);
    private final SimulatedLog log = fixture.log;

    @Test
    void attachesAtTheHeadHistoryNames() {
        log.writeAndCommit("a", 5);
        var client = subscribed(null);

        assertThat(client.last("subscribed").get("seq").asLong()).isEqualTo(5);
        assertThat(client.last("subscribed").get("resumed").asBoolean()).isFalse();
        assertThat(client.answered()).isTrue();
    }

    @Test
    void attachesWithoutHistoryWhenAnEntryComesBy() {
        fixture.follow();
        log.breakView(true);
        var client = fixture.client("a", ROOMY).subscribe(null);
        log.write("a");
        fixture.readOne();
        client.take(9);

        assertThat(client.last("subscribed").get("seq").asLong()).isEqualTo(1);
    }

    @Test
    @DisplayName("DEL-2: the connection knows of the subscription before its client can act on it")
    void answersBeforeTheClientIsTold() {
        fixture.follow();
        var client = fixture.client("a", ROOMY).subscribe(null);
        log.write("a");
        fixture.readOne();
        client.take(9);

        assertThat(client.answered()).isTrue();
        assertThat(client.sentBeforeAnswered()).isZero();
        assertThat(client.ops()).startsWith("subscribed");
    }

    @Test
    void refusesASubscribeRetryablyWhenHistoryDoesNotAnswer() {
        fixture.follow();
        log.breakView(true);
        var client = fixture.client("a", ROOMY).subscribe(null);
        fixture.settle(client);

        assertThat(client.last("error").get("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(client.last("error").get("retryAfterMs").asLong()).isPositive();
        assertThat(client.answered()).isFalse();
        assertThat(fixture.rooms.isIdle()).isTrue();
    }

    @Test
    void answersASubscribeThatAnotherReplaced() {
        fixture.follow();
        var client = fixture.client("a", ROOMY).subscribe(null);
        client.unsubscribe();
        client.take(9);

        assertThat(client.last("error").get("code").asText()).isEqualTo("NOT_SUBSCRIBED");
    }

    @Test
    void marksEntriesUpToTheAttachPointAsReplay() {
        log.writeAndCommit("a", 2);
        String cursor = subscribed(null).cursor();
        log.writeAndCommit("a", 3);
        var back = fixture.otherPod().client("a", ROOMY).subscribe(cursor);
        fixture.settle(back);
        log.writeAndCommit("a", 1);
        fixture.settle(back);

        assertThat(back.last("subscribed").get("replayed").asLong()).isEqualTo(3);
        assertThat(back.transcript().entries()).extracting("seq").containsExactly(3L, 4L, 5L, 6L);
        assertThat(back.transcript().entries()).extracting("replay").containsExactly(true, true, true, false);
    }

    @Test
    void servesASlowClientFromHistoryAndSaysSo() {
        var slow = subscribed(fixture.follow().client("a", 300), null);
        log.writeAndCommit("a", 200);
        fixture.settle();
        assertThat(fixture.events.lagging).isEqualTo(1);

        fixture.settle(slow);

        assertThat(slow.last("lag").get("behind").asLong()).isPositive();
        assertThat(slow.last("caughtUp").get("seq").asLong()).isEqualTo(200);
        Guarantee.verify(slow.transcript(), new NothingLost(1, 200), new NoDuplicates(), new Ordered());
        assertThat(slow.maxBytes()).isLessThan(1500);
        assertThat(fixture.events.lagging).isZero();
    }

    @Test
    void tellsASlowClientWhatRetentionTookBeforeItGotThere() {
        var tiny = new RoomsFixture(0).follow();
        var slow = subscribed(tiny, tiny.client("a", 300), null);
        tiny.log.writeAndCommit("a", 100);
        tiny.settle();
        tiny.log.trim("a", 90);
        tiny.settle(slow);

        assertThat(slow.last("discontinuity").get("reason").asText()).isEqualTo("SLOW_CONSUMER");
        assertThat(slow.last("discontinuity").get("to").asLong()).isEqualTo(89);
        Guarantee.verify(slow.transcript(), new EveryGapReported(1, 100), new NoDuplicates(), new Ordered());
    }

    @Test
    void goesOnWhereHistoryHoldsNothingUpToTheHead() {
        var tiny = new RoomsFixture(0).follow();
        var slow = subscribed(tiny, tiny.client("a", 300), null);
        tiny.log.writeAndCommit("a", 100);
        tiny.readSome(50);
        tiny.log.trim("a", 90);
        while (tiny.runOne() | tiny.log.answerOne() | slow.take(1)) {
            assertThat(tiny.tasks).hasSizeLessThan(10);
        }
        assertThat(slow.last("discontinuity").get("to").asLong()).isEqualTo(50);

        tiny.settle(slow);

        Guarantee.verify(slow.transcript(), new EveryGapReported(1, 100), new NoDuplicates(), new Ordered());
    }

    @Test
    void saysWhatIsMissedWhenTheRecoveryWindowIsOver() {
        log.writeAndCommit("a", 2);
        String cursor = subscribed(null).cursor();
        log.writeAndCommit("a", 3);
        fixture.settle();
        fixture.now = SimulatedLog.START.plus(Duration.ofHours(1));
        var back = subscribed(cursor);
        log.writeAndCommit("a", 1);
        fixture.settle(back);

        assertThat(back.ops()).containsExactly("subscribed", "discontinuity", "message");
        assertThat(back.last("subscribed").get("resumed").asBoolean()).isFalse();
        assertGap(back.last("discontinuity"), "WINDOW_EXPIRED", 3, 5, true);
        assertThat(back.transcript().seqs()).containsExactly(6L);
    }

    @Test
    void saysThatEverythingIsMissedForACursorItCannotRead() {
        log.writeAndCommit("a", 4);
        var client = subscribed("garbage");

        assertThat(client.ops()).containsExactly("subscribed", "discontinuity");
        assertGap(client.last("discontinuity"), "CURSOR_UNKNOWN", 1, 4, true);
    }

    @Test
    void resumesAnUnreadableCursorWhereNothingIsMissed() {
        var client = subscribed("garbage");

        assertThat(client.ops()).containsExactly("subscribed");
        assertThat(client.last("subscribed").get("resumed").asBoolean()).isTrue();
    }

    @Test
    void resumesAClientAheadOfWhatIsCommitted() {
        var client = subscribed(null);
        log.write("a");
        log.write("a");
        fixture.settle(client);
        log.abort();
        var back = fixture.otherPod().client("a", ROOMY).subscribe(client.cursor());
        fixture.settle(back);
        log.settle();
        log.writeAndCommit("a", 1);
        fixture.settle(back);

        assertThat(back.last("subscribed").get("resumed").asBoolean()).isTrue();
        assertThat(back.last("subscribed").get("seq").asLong()).isEqualTo(2);
        assertThat(back.transcript().seqs()).containsExactly(3L);
    }

    @Test
    void keepsEachFrameOnOneLineWhateverTheRecordLooksLike() {
        var client = subscribed(null);
        fixture.rooms.accept("{\"room\":\"a\",\n\"epoch\":\"e1\", \"seq\":1,\n \"entry\":{\n\"text\":\"x\",\n\"at\":\"2026-11-22T12:00:00Z\"}\n}".getBytes(), 0, 0);
        client.take(1);

        assertThat(client.last("message").at("/entry/text").asText()).isEqualTo("x");
        assertThat(client.raw.get(client.raw.size() - 1)).doesNotContain((byte) '\n');
    }

    @Test
    void encodesALiveEntryOnceForAllSubscribers() {
        var one = subscribed(null);
        var two = subscribed(null);
        log.writeAndCommit("a", 1);
        fixture.settle(one, two);

        assertThat(one.raw.get(one.raw.size() - 1)).isSameAs(two.raw.get(two.raw.size() - 1));
    }

    private RoomsFixture.Client subscribed(String cursor) {
        return subscribed(fixture.follow().client("a", ROOMY), cursor);
    }

    private RoomsFixture.Client subscribed(RoomsFixture.Client client, String cursor) {
        return subscribed(fixture, client, cursor);
    }

    private static RoomsFixture.Client subscribed(RoomsFixture fixture, RoomsFixture.Client client, String cursor) {
        client.subscribe(cursor);
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
