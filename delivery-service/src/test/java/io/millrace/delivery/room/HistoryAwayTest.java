package io.millrace.delivery.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.Position;
import io.millrace.guarantee.EveryGapReported;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DEL-7, CON-1, CON-2: clients that return or lag while the history view is away are served from the log itself, or told to come again; never wrongly. */
class HistoryAwayTest {
    private static final long ROOMY = 1_000_000;

    private final RoomsFixture fixture = new RoomsFixture(0);
    private final SimulatedLog log = fixture.log;

    @Test
    @DisplayName("DEL-7: while the view answers nothing is read from the log")
    void readsNothingFromTheLogWhileTheViewAnswers() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 5);

        var back = back(cursor);

        assertThat(back.last("subscribed").get("resumed").asBoolean()).isTrue();
        assertThat(log.scanned()).isZero();
    }

    @Test
    @DisplayName("DEL-7, CON-2: on a pod that knows nothing of the room a client is given all it missed, out of a busy partition")
    void resumesFromTheLogOnAPodThatDoesNotKnowTheRoom() {
        String cursor = cursorAfter(2);
        writeSparsely(5);
        log.breakView(true);

        var back = back(cursor);
        log.writeAndCommit("a", 1);
        fixture.settle(back);

        assertThat(back.last("subscribed").get("resumed").asBoolean()).isTrue();
        assertThat(back.last("subscribed").get("replayed").asLong()).isEqualTo(5);
        assertThat(back.ops()).doesNotContain("discontinuity", "error");
        Guarantee.verify(back.transcript(), new NothingLost(3, 8), new NoDuplicates(), new Ordered());
        assertThat(fixture.events.unavailable).isZero();
    }

    @Test
    @DisplayName("DEL-7, CON-2: on a pod that knows the room, but has its entries no more, likewise")
    void resumesFromTheLogWhereTheTailHoldsNothing() {
        String cursor = cursorAfter(2);
        var other = subscribed(null);
        writeSparsely(5);
        fixture.settle(other);
        log.breakView(true);

        var back = subscribed(cursor);

        assertThat(back.last("subscribed").get("resumed").asBoolean()).isTrue();
        Guarantee.verify(back.transcript(), new NothingLost(3, 7), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("CON-2: nothing missed is resumed though nobody can name the room's head, and goes on live")
    void resumesWhereNothingWasMissed() {
        String cursor = cursorAfter(3);
        log.breakView(true);

        var back = back(cursor);
        log.writeAndCommit("a", 2);
        fixture.settle(back);

        assertThat(back.last("subscribed").get("resumed").asBoolean()).isTrue();
        assertThat(back.last("subscribed").get("seq").asLong()).isEqualTo(3);
        assertThat(back.transcript().seqs()).containsExactly(4L, 5L);
    }

    @Test
    @DisplayName("DEL-7: a slow client catches up from the log while entries come live: no gap, no repeat, a bounded buffer")
    void servesASlowClientFromTheLogWhileEntriesCome() {
        var slow = fixture.follow().client("a", 300).subscribe(null);
        fixture.settle(slow);
        log.breakView(true);
        for (int i = 0; i < 40; i++) {
            log.writeAndCommit("a", 2);
            log.writeAndCommit("b", 3);
            fixture.readSome(5);
            fixture.runOne();
            log.answerOne();
            if (i % 3 == 0) {
                slow.take(1);
            }
        }
        fixture.settle(slow);

        Guarantee.verify(slow.transcript(), new NothingLost(1, 80), new NoDuplicates(), new Ordered());
        assertThat(slow.last("caughtUp").get("seq").asLong()).isEqualTo(80);
        assertThat(slow.maxBytes()).isLessThan(1500);
        assertThat(log.scanned()).isGreaterThan(10);
        assertThat(fixture.events.lagging).isZero();
    }

    @Test
    @DisplayName("DEL-5: what is not committed yet is waited for")
    void waitsForWhatIsNotCommittedYet() {
        var client = fixture.follow().client("a", ROOMY).subscribe(null);
        fixture.settle(client);
        log.breakView(true);
        log.write("a");
        log.write("a");
        fixture.skipRecords(1);
        fixture.readOne();
        work(20);
        assertThat(client.ops()).doesNotContain("message", "discontinuity");

        log.commit();
        fixture.settle(client);

        assertThat(client.transcript().seqs()).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("CON-1: a log that begins after the client's place is no ground to resume; the view tells the exact range when it is back")
    void neverResumesOverWhatTheLogHasLost() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 6);
        log.deleteBelow(5); // seqs 3 and 4 with it
        log.breakView(true);

        var back = back(cursor);
        assertThat(back.ops()).containsExactly("error");
        assertThat(back.last("error").get("code").asText()).isEqualTo("UNAVAILABLE");
        log.breakView(false);
        back.subscribe(cursor);
        fixture.settle(back);

        var gap = back.last("discontinuity");
        assertThat(gap.get("reason").asText()).isEqualTo("RETENTION_EXPIRED");
        assertThat(gap.get("from").asLong()).isEqualTo(3);
        assertThat(gap.get("to").asLong()).isEqualTo(8);
    }

    @Test
    @DisplayName("CON-3: what was deleted before a slow client came to it waits for the view and is told then")
    void neverPassesOverWhatASlowClientLost() {
        var slow = fixture.follow().client("a", 300).subscribe(null);
        fixture.settle(slow);
        log.breakView(true);
        log.writeAndCommit("a", 30);
        fixture.readSome(31);
        log.deleteBelow(20);
        for (int i = 0; i < 50; i++) {
            work(1);
            slow.take(1);
        }
        long before = slow.transcript().entries().size();
        assertThat(slow.ops()).doesNotContain("discontinuity");
        assertThat(before).isLessThan(20);

        log.breakView(false);
        fixture.settle(slow);

        assertThat(slow.transcript().gaps()).hasSize(1);
        assertThat(slow.last("discontinuity").get("to").asLong()).isEqualTo(20);
        Guarantee.verify(slow.transcript(), new EveryGapReported(1, 30), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("CON-7: a forged cursor harms only who forged it: the room's head comes from records")
    void believesNoCursorAboutTheHead() {
        String honest = cursorAfter(3);
        Cursor real = CursorCodec.decode("a", honest).orElseThrow();
        log.breakView(true);
        fixture.otherPod();

        subscribed(forged(real, real.offset(), 900));
        var first = subscribed(honest);
        log.writeAndCommit("a", 2);
        fixture.settle(first);
        subscribed(forged(real, real.offset(), 901));
        var second = subscribed(honest);
        var third = subscribed(null);

        assertThat(first.last("subscribed").get("seq").asLong()).isEqualTo(3);
        assertThat(first.transcript().seqs()).containsExactly(4L, 5L);
        assertThat(second.transcript().seqs()).containsExactly(4L, 5L);
        assertThat(third.last("subscribed").get("seq").asLong()).isEqualTo(5);
    }

    @Test
    @DisplayName("CON-7: neither does one that names an earlier place, or a place in the future")
    void looksWhereAForgedCursorSaysAndFindsTheTruth() {
        String honest = cursorAfter(3);
        Cursor real = CursorCodec.decode("a", honest).orElseThrow();
        log.breakView(true);

        var early = back(forged(real, 0, 3));
        var late = back(forged(real, 1_000_000, 3));
        var other = subscribed(honest);

        assertThat(early.last("subscribed").get("seq").asLong()).isEqualTo(3);
        assertThat(late.ops()).containsExactly("error");
        assertThat(other.last("subscribed").get("seq").asLong()).isEqualTo(3);
    }

    @Test
    @DisplayName("CON-2: what only history can say waits for it: a cursor older than the window, or one too far back to be found")
    void waitsForTheViewWhereTheLogCannotDecide() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 2);
        log.breakView(true);
        fixture.now = SimulatedLog.START.plus(Duration.ofHours(1));
        assertThat(back(cursor).ops()).containsExactly("error");

        fixture.now = SimulatedLog.START.plusSeconds(60);
        for (int i = 0; i < 30; i++) {
            log.writeAndCommit("b", 1); // 60 offsets, more than are searched
        }
        var back = back(cursor);
        assertThat(back.ops()).containsExactly("error");

        log.breakView(false);
        back.subscribe(cursor);
        fixture.settle(back);
        assertThat(back.transcript().seqs()).containsExactly(3L, 4L);
    }

    @Test
    @DisplayName("CON-2: a place far back is resumed all the same where what follows it is found")
    void resumesAnOldPlaceWhoseNextEntryIsFound() {
        String cursor = cursorAfter(2);
        for (int i = 0; i < 30; i++) {
            log.writeAndCommit("b", 1);
        }
        log.writeAndCommit("a", 2);
        log.breakView(true);

        assertThat(back(cursor).transcript().seqs()).containsExactly(3L, 4L);
    }

    @Test
    @DisplayName("CON-2: what follows a place stands right behind it, however much came since")
    void resumesAPlaceWithFarMoreMissedThanIsSearched() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 200);
        log.breakView(true);

        assertThat(back(cursor).transcript().seqs()).containsExactlyElementsOf(LongStream.rangeClosed(3, 202).boxed().toList());
    }

    @Test
    @DisplayName("CON-2: what the log cannot say is asked of the view, however lately it failed: nobody is refused by a view that is back")
    void asksAViewThatIsBackWhereTheLogDoesNotAnswer() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 2);
        log.breakView(true);
        assertThat(back(cursor).transcript().seqs()).as("out of the log").containsExactly(3L, 4L);

        log.breakView(false); // no time has passed
        log.breakScan(true);

        assertThat(subscribed(cursor).transcript().seqs()).as("out of the view").containsExactly(3L, 4L);
    }

    @Test
    @DisplayName("DEL-7: a view that failed is left alone for a while, tried by one question, and used again when it answers")
    void goesBackToTheViewWhenItAnswers() {
        var slow = fixture.follow().client("a", 300).subscribe(null);
        fixture.settle(slow);
        log.breakView(true);
        log.writeAndCommit("a", 60);
        fixture.readSome(61);
        serve(slow, 20);
        int asked = log.asked();
        serve(slow, 40);
        assertThat(log.asked()).as("left alone").isEqualTo(asked);

        log.breakView(false);
        fixture.now = fixture.now.plusSeconds(1);
        serve(slow, 4);
        int scanned = log.scanned();
        fixture.settle(slow);

        assertThat(log.scanned()).as("the view is used again").isEqualTo(scanned);
        Guarantee.verify(slow.transcript(), new NothingLost(1, 60), new NoDuplicates(), new Ordered());
    }

    @Test
    @DisplayName("CON-1: where the log does not answer either, a client is told to come again")
    void refusesRetryablyWhereNeitherAnswers() {
        String cursor = cursorAfter(2);
        log.writeAndCommit("a", 2);
        log.breakView(true);
        log.breakScan(true);

        var back = back(cursor);

        assertThat(back.last("error").get("retryable").asBoolean()).isTrue();
        assertThat(fixture.rooms.isIdle()).isTrue();
    }

    @Test
    @DisplayName("CON-4, DEL-7: after a cut a reader that must go back is given what stands there now, from the cut on")
    void goesBackToTheCut() {
        var reader = fixture.follow().client("a", ROOMY).subscribe(null);
        fixture.settle(reader);
        log.writeAndCommit("a", 8);
        fixture.settle(reader);
        log.truncate("a", 3);
        int cut = log.records.size();
        LongStream.rangeClosed(4, 12).forEach(seq -> log.append("a", "e1", seq, "another " + seq));
        fixture.interrupt(new Interruption.Truncated(cut), log.records.size());
        while (reader.last("discontinuity") == null) {
            log.answerOne();
            fixture.runOne();
            reader.take(1);
        }
        log.breakView(true); // with the question for what comes next on its way
        fixture.settle(reader);

        assertThat(reader.last("discontinuity").get("from").asLong()).isEqualTo(4);
        assertThat(reader.transcript().seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(log.scanned()).isPositive();
    }

    @Test
    @DisplayName("CON-4, DEL-7: a topic made anew is read from its beginning")
    void readsANewTopicFromItsBeginning() {
        var slow = fixture.follow().client("a", 300).subscribe(null);
        fixture.settle(slow);
        log.writeAndCommit("a", 50);
        fixture.settle(slow);
        log.recreate();
        log.breakView(true);
        fixture.interrupt(Interruption.RECREATED, 0);
        LongStream.rangeClosed(1, 20).forEach(seq -> log.append("a", "e2", seq, "anew " + seq));
        fixture.readSome(20);
        fixture.settle(slow);

        var anew = slow.transcript().entries().stream().filter(entry -> entry.epoch().equals("e2")).map(entry -> entry.seq());
        assertThat(anew).containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(slow.transcript().gaps()).hasSize(1);
        assertThat(log.scanned()).isPositive();
    }

    /** The cursor of a client that was given entries 1 to {@code count}. */
    private String cursorAfter(int count) {
        var client = fixture.follow().client("a", ROOMY).subscribe(null);
        fixture.settle(client);
        LongStream.range(0, count).forEach(i -> log.writeAndCommit("a", 1));
        fixture.settle(client);
        return client.drop().cursor();
    }

    private void writeSparsely(int entries) {
        for (int i = 0; i < entries; i++) {
            log.writeAndCommit("b", 5);
            log.writeAndCommit("a", 1);
        }
    }

    private static String forged(Cursor real, long offset, long seq) {
        return CursorCodec.encode("a", new Cursor(real.topicId(), real.partition(), offset, real.leaderEpoch(), new Position(real.position().epoch(), seq)));
    }

    private RoomsFixture.Client back(String cursor) {
        fixture.otherPod();
        return subscribed(cursor);
    }

    private RoomsFixture.Client subscribed(String cursor) {
        var client = fixture.follow().client("a", ROOMY).subscribe(cursor);
        fixture.settle(client);
        return client;
    }

    private void serve(RoomsFixture.Client client, int rounds) {
        for (int i = 0; i < rounds; i++) {
            work(1);
            client.take(1);
        }
    }

    private void work(int rounds) {
        for (int i = 0; i < rounds; i++) {
            fixture.runOne();
            log.answerOne();
            fixture.tick();
        }
    }
}
