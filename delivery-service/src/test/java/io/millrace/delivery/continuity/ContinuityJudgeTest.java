package io.millrace.delivery.continuity;

import static io.millrace.contract.record.DiscontinuityReason.BACKLOG_LIMIT;
import static io.millrace.contract.record.DiscontinuityReason.CURSOR_UNKNOWN;
import static io.millrace.contract.record.DiscontinuityReason.LOG_TRUNCATED;
import static io.millrace.contract.record.DiscontinuityReason.REPARTITIONED;
import static io.millrace.contract.record.DiscontinuityReason.RETENTION_EXPIRED;
import static io.millrace.contract.record.DiscontinuityReason.STREAM_RECREATED;
import static io.millrace.contract.record.DiscontinuityReason.WINDOW_EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.delivery.continuity.Verdict.Lost;
import io.millrace.delivery.continuity.Verdict.Open;
import io.millrace.delivery.continuity.Verdict.Question;
import io.millrace.delivery.continuity.Verdict.Resumed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CON-1..3: the verdict on a cursor, from facts alone. */
class ContinuityJudgeTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID TOPIC = new UUID(1, 1);
    private static final Position HEAD = new Position("e1", 50);
    private static final LogFacts LOG = new LogFacts(TOPIC, 3, 0, 1000, 6, true);
    private static final RoomFacts ROOM = RoomFacts.of(HEAD).withOldestSeq(1).withOldestMissedAt(NOW.minusSeconds(10));
    private static final RoomFacts EMPTY_ROOM = RoomFacts.of(Position.NONE);

    private final ContinuityJudge judge = new ContinuityJudge(new RecoveryLimits(Duration.ofMinutes(2), 30));

    @Test
    void resumesAClientThatMissedNothingHoweverLongItWasAway() {
        assertThat(judge(at(50), LOG, RoomFacts.of(HEAD))).isEqualTo(new Resumed(HEAD));
    }

    @Test
    void resumesAClientWhoseOldestMissedEntryIsYoungEnough() {
        assertThat(judge(at(41), LOG, ROOM)).isEqualTo(new Resumed(new Position("e1", 41)));
    }

    @Test
    void resumesAClientAheadOfTheCommittedHead() {
        assertThat(judge(at(53), LOG, ROOM)).isEqualTo(new Resumed(new Position("e1", 53)));
    }

    @Test
    void resumesAClientAheadOfARoomNothingIsCommittedIn() {
        assertThat(judge(at(2), LOG, EMPTY_ROOM)).isEqualTo(new Resumed(new Position("e1", 2)));
    }

    @Test
    void resumesTheCursorOfAnEmptyRoomWithEverythingSince() {
        assertThat(judge(cursor(0, Position.NONE), LOG, RoomFacts.of(new Position("e1", 2)).withOldestMissedAt(NOW)))
                .isEqualTo(new Resumed(new Position("e1", 0)));
    }

    @Test
    void losesTheWholeRangeWhenTheOldestMissedEntryIsAsOldAsTheWindow() {
        assertThat(judge(at(41), LOG, ROOM.withOldestMissedAt(NOW.minus(Duration.ofMinutes(2)))))
                .isEqualTo(new Lost(WINDOW_EXPIRED, 42, 50, true, 1, HEAD));
    }

    @Test
    void losesTheWholeRangeWhenMoreIsMissedThanMayBeReplayed() {
        assertThat(judge(at(19), LOG, ROOM)).isEqualTo(new Lost(BACKLOG_LIMIT, 20, 50, true, 1, HEAD));
        assertThat(judge(at(20), LOG, ROOM)).isEqualTo(new Resumed(new Position("e1", 20)));
    }

    @Test
    void losesWhatRetentionTook() {
        assertThat(judge(at(41), LOG, ROOM.withOldestSeq(45))).isEqualTo(new Lost(RETENTION_EXPIRED, 42, 50, false, 45, HEAD));
        assertThat(judge(at(44), LOG, ROOM.withOldestSeq(45))).isEqualTo(new Resumed(new Position("e1", 44)));
    }

    @Test
    void losesEverythingForACursorThatCannotBeRead() {
        assertThat(judge.judge(Optional.empty(), LOG, ROOM, NOW)).isEqualTo(new Lost(CURSOR_UNKNOWN, 1, 50, true, 1, HEAD));
    }

    @Test
    void losesEverythingForACursorOfAnotherTopicOrEpoch() {
        var otherTopic = new Cursor(new UUID(9, 9), 3, 100, 6, new Position("e1", 41));

        assertThat(judge(otherTopic, LOG, ROOM)).isEqualTo(new Lost(STREAM_RECREATED, 1, 50, true, 1, HEAD));
        assertThat(judge(cursor(100, new Position("e0", 41)), LOG, ROOM.withOldestSeq(2))).isEqualTo(new Lost(STREAM_RECREATED, 1, 50, false, 2, HEAD));
    }

    @Test
    void losesEverythingWhenTheRoomLivesInAnotherPartitionNow() {
        assertThat(judge(new Cursor(TOPIC, 4, 100, 6, new Position("e1", 41)), LOG, ROOM)).isEqualTo(new Lost(REPARTITIONED, 1, 50, true, 1, HEAD));
    }

    @Test
    void missesNothingInAnEmptyRoomWithoutHavingReadInItsPredecessor() {
        assertThat(judge.judge(Optional.empty(), LOG, EMPTY_ROOM, NOW)).isEqualTo(new Resumed(Position.NONE));
        assertThat(judge(new Cursor(new UUID(9, 9), 4, 5000, 6, Position.NONE), LOG, EMPTY_ROOM)).isEqualTo(new Resumed(Position.NONE));
    }

    @Test
    @DisplayName("CON-3: a room made anew and still empty may hide what came after the cursor: never silence")
    void callsWhatWasReadVoidWhenTheRoomIsEmptyNow() {
        assertThat(judge(new Cursor(new UUID(9, 9), LOG.partition(), 5000, 6, new Position("e0", 7)), LOG, EMPTY_ROOM))
                .isEqualTo(new Lost(STREAM_RECREATED, 1, 7, false, 0, Position.NONE));
        assertThat(judge(new Cursor(TOPIC, LOG.partition() + 1, 5000, 6, new Position("e0", 7)), LOG, EMPTY_ROOM)).isEqualTo(new Lost(REPARTITIONED, 1, 7, false, 0, Position.NONE));
    }

    @Test
    void namesWhatIsVoidWhenTheLogEndsBeforeTheCursor() {
        assertThat(judge(cursor(1001, new Position("e1", 53)), LOG, ROOM.withLastShared(50))).isEqualTo(new Lost(LOG_TRUNCATED, 51, 53, false, 1, HEAD));
        assertThat(judge(cursor(1001, new Position("e1", 50)), LOG, ROOM.withLastShared(49))).isEqualTo(new Lost(LOG_TRUNCATED, 50, 50, true, 1, HEAD));
        assertThat(judge(cursor(1001, new Position("e1", 40)), LOG, ROOM.withLastShared(35))).isEqualTo(new Lost(LOG_TRUNCATED, 36, 50, true, 1, HEAD));
    }

    @Test
    @DisplayName("CON-1: a log that was cut under a later leader and has grown past the cursor again is noticed by its leader epoch")
    void namesWhatIsVoidWhenTheLogWasCutAndHasGrownAgain() {
        var cursor = new Cursor(TOPIC, 3, 400, 4, new Position("e1", 45));

        assertThat(judge(cursor, LOG.withEpochEnd(390), ROOM.withLastShared(41))).isEqualTo(new Lost(LOG_TRUNCATED, 42, 50, true, 1, HEAD));
        assertThat(judge(cursor, LOG.withEpochEnd(390), ROOM.withLastShared(41).withOldestSeq(44))).isEqualTo(new Lost(LOG_TRUNCATED, 42, 50, false, 44, HEAD));
        assertThat(judge(cursor, LOG.withEpochEnd(400), ROOM)).isEqualTo(new Resumed(new Position("e1", 45)));
    }

    @Test
    @DisplayName("CON-2: a cut that took nothing of what the client was given in this room is no discontinuity")
    void resumesAClientWhoseRoomTheCutDidNotTouch() {
        assertThat(judge(new Cursor(TOPIC, 3, 400, 4, new Position("e1", 45)), LOG.withEpochEnd(390), ROOM.withLastShared(45)))
                .isEqualTo(new Resumed(new Position("e1", 45)));
        assertThat(judge(new Cursor(TOPIC, 3, 400, 4, Position.NONE), LOG.withEpochEnd(390), RoomFacts.of(new Position("e1", 2)).withOldestMissedAt(NOW)))
                .isEqualTo(new Resumed(new Position("e1", 0)));
    }

    @Test
    void asksForTheEndOfTheCursorsLeaderEpochOnlyWhereALaterLeaderCame() {
        assertThat(judge(new Cursor(TOPIC, 3, 400, 5, HEAD), LOG, ROOM)).isEqualTo(new Open(Question.EPOCH_END));
        assertThat(judge(new Cursor(TOPIC, 3, 400, 6, HEAD), LOG, ROOM)).isEqualTo(new Resumed(HEAD));
        assertThat(judge(new Cursor(TOPIC, 3, 400, Cursor.NO_EPOCH, HEAD), LOG, ROOM)).isEqualTo(new Resumed(HEAD));
    }

    @Test
    void asksWhichEntriesTheCutLeftBeforeItNamesARange() {
        assertThat(judge(cursor(1001, HEAD), LOG, ROOM)).isEqualTo(new Open(Question.LAST_SHARED));
    }

    @Test
    void asksAnewWhenTheCursorKnowsALaterLeaderThanTheFacts() {
        var later = new Cursor(TOPIC, 3, 400, 7, HEAD);

        assertThat(judge(later, new LogFacts(TOPIC, 3, 0, 1000, 6, false), ROOM)).isEqualTo(new Open(Question.LOG_END));
        assertThat(LOG.sharedWith(later)).isZero();
        assertThat(judge(later, LOG, ROOM.withLastShared(0))).isEqualTo(new Lost(LOG_TRUNCATED, 1, 50, true, 1, HEAD));
    }

    @Test
    void admitsThatItCannotCountWhatRetentionTookFromAForgottenRoom() {
        var log = new LogFacts(TOPIC, 3, 500, 1000, 6, true);

        assertThat(judge(at(41), log, EMPTY_ROOM)).isEqualTo(new Lost(RETENTION_EXPIRED, 42, 41, false, 0, new Position("e1", 41)));
    }

    @Test
    void asksForTheLogsEndBeforeItCallsTheLogTruncated() {
        assertThat(judge(cursor(1001, new Position("e1", 41)), new LogFacts(TOPIC, 3, 0, 1000, 6, false), ROOM)).isEqualTo(new Open(Question.LOG_END));
    }

    @Test
    void asksForTheOldestMissedEntryBeforeItJudgesWhatIsMissed() {
        assertThat(judge(at(41), LOG, RoomFacts.of(HEAD))).isEqualTo(new Open(Question.OLDEST_MISSED));
        assertThat(judge(at(41), LOG, RoomFacts.of(HEAD).withOldestMissedAt(NOW.minusSeconds(500)))).isEqualTo(new Open(Question.OLDEST_MISSED));
    }

    @ParameterizedTest
    @EnumSource(value = DiscontinuityReason.class, names = {"CURSOR_UNKNOWN", "STREAM_RECREATED"})
    void asksWhatIsKeptBeforeItCallsARangeRecoverable(DiscontinuityReason reason) {
        var cursor = reason == CURSOR_UNKNOWN ? Optional.<Cursor>empty() : Optional.of(cursor(1, new Position("e0", 3)));

        assertThat(judge.judge(cursor, LOG, RoomFacts.of(HEAD), NOW)).isEqualTo(new Open(Question.OLDEST_MISSED));
    }

    /** CON-1: whatever the facts, either everything after the client's own position is given, or the range it is not given is named. */
    @Property
    void neverLosesSilently(@ForAll @LongRange(max = 60) long seen, @ForAll @LongRange(max = 60) long head, @ForAll @LongRange(max = 70) long oldest,
                            @ForAll @LongRange(max = 300) long ageSeconds, @ForAll @LongRange(min = 900, max = 1100) long offset,
                            @ForAll @IntRange(min = 3, max = 8) int leaderEpoch, @ForAll @LongRange(min = 850, max = 1000) long epochEnd, @ForAll @LongRange(max = 60) long shared) {
        var facts = RoomFacts.of(head == 0 ? Position.NONE : new Position("e1", head))
                .withOldestSeq(Math.max(oldest, head == 0 ? 0 : 1)).withOldestMissedAt(NOW.minusSeconds(ageSeconds)).withLastShared(Math.min(shared, Math.min(seen, head)));

        var cursor = new Cursor(TOPIC, 3, offset, leaderEpoch, seen == 0 ? Position.NONE : new Position("e1", seen));

        var verdict = judge(cursor, LOG.withEpochEnd(epochEnd), facts);

        if (verdict instanceof Resumed resumed) {
            assertThat(resumed.from().seq()).isEqualTo(seen);
            assertThat(seen == 0 || LOG.withEpochEnd(epochEnd).sharedWith(cursor) == offset || facts.lastShared().orElseThrow() >= seen).as("all of it is in the log").isTrue();
        } else {
            var lost = (Lost) verdict;
            assertThat(lost.from()).isLessThanOrEqualTo(seen + 1);
            assertThat(lost.to()).isGreaterThanOrEqualTo(Math.max(head, seen));
            assertThat(lost.attach()).isEqualTo(facts.head());
        }
    }

    private Verdict judge(Cursor cursor, LogFacts log, RoomFacts room) {
        return judge.judge(Optional.of(cursor), log, room, NOW);
    }

    private static Cursor at(long seq) {
        return cursor(400, new Position("e1", seq));
    }

    private static Cursor cursor(long offset, Position position) {
        return new Cursor(TOPIC, 3, offset, 6, position);
    }
}
