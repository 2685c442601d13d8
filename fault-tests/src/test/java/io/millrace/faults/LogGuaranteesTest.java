package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.testing.guarantee.log.DenseSeqs;
import io.millrace.testing.guarantee.log.LogGuarantee;
import io.millrace.testing.guarantee.log.Logged;
import io.millrace.testing.guarantee.log.NoSecondEntry;
import io.millrace.testing.guarantee.log.NothingAcceptedLost;
import io.millrace.testing.guarantee.log.OrderedPerLane;
import io.millrace.testing.guarantee.log.UncommittedReadersSawTheCommittedLog;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judges of {@link FaultsIT} notice what they are there for. */
class LogGuaranteesTest {
    private static final Instant AT = Instant.parse("2026-11-22T05:00:00Z");
    private static final LogGuarantee ACCEPTED = new NothingAcceptedLost(Set.of(name(1), name(2)));

    @Test
    void haveNothingToSayAboutAGoodLog() {
        var logged = logged(List.of(entry(1, 1), entry(2, 2)), List.of(entry(1, 1), entry(2, 2), entry(1, 1), entry(2, 2)));
        assertThatCode(() -> LogGuarantee.verify(logged, ACCEPTED, new OrderedPerLane(), new DenseSeqs(), new NoSecondEntry(), new UncommittedReadersSawTheCommittedLog()))
                .doesNotThrowAnyException();
    }

    @Test
    void noticeAMessageWithoutAnOutcome() {
        refuses(ACCEPTED, logged(List.of(entry(1, 1))));
    }

    @Test
    void noticeTwoOutcomes() {
        var logged = logged(List.of(entry(1, 1), entry(2, 2)));
        logged.terminal().put(name(1), List.of(synced(1, 1), synced(1, 2)));
        refuses(ACCEPTED, logged);
    }

    @Test
    void noticeAConfirmationWithoutAnEntry() {
        var logged = logged(List.of(entry(1, 1)));
        logged.terminal().put(name(2), List.of(synced(2, 2)));
        refuses(ACCEPTED, logged);
    }

    @Test
    void noticeAWrongOrder() {
        refuses(new OrderedPerLane(), logged(List.of(entry(2, 1), entry(1, 2))));
    }

    @Test
    void noticeAHoleInTheSeqs() {
        refuses(new DenseSeqs(), logged(List.of(entry(1, 1), entry(2, 3))));
    }

    @Test
    void noticeASecondEntry() {
        refuses(new NoSecondEntry(), logged(List.of(entry(1, 1), entry(1, 2))));
    }

    @Test
    void noticeThatARepeatDiffers() {
        refuses(new UncommittedReadersSawTheCommittedLog(), logged(List.of(entry(1, 1)), List.of(entry(1, 1), entry(2, 1))));
        refuses(new UncommittedReadersSawTheCommittedLog(), logged(List.of(entry(1, 1)), List.of(entry(2, 1), entry(1, 1))));
    }

    private static void refuses(LogGuarantee guarantee, Logged logged) {
        assertThatThrownBy(() -> guarantee.verify(logged)).isInstanceOf(AssertionError.class);
    }

    private static Logged logged(List<LogRecord> entries) {
        return logged(entries, entries);
    }

    private static Logged logged(List<LogRecord> entries, List<LogRecord> uncommitted) {
        Map<String, List<SyncEvent>> terminal = new HashMap<>();
        entries.forEach(entry -> terminal.put(name(entry.entry().laneSeq()), List.of(synced(entry.entry().laneSeq(), entry.seq()))));
        return new Logged(Map.of("lobby", entries), Map.of("lobby", uncommitted), terminal);
    }

    private static String name(long laneSeq) {
        return Logged.name("ana", "lobby", "m" + laneSeq);
    }

    private static LogRecord entry(long laneSeq, long seq) {
        var message = new Message("m" + laneSeq, "lobby", "s1", laneSeq, Action.CREATE, MessageType.TEXT, "hello", null, null, null, null, null, null);
        return new LogRecord("lobby", "e1", seq, Entry.of(new AcceptedMessage("ana", AT, false, message)));
    }

    private static SyncEvent synced(long laneSeq, long seq) {
        return new SyncEvent("m" + laneSeq, "lobby", "s1", Lane.TEXT, laneSeq, SyncState.SYNCED, 1, 4, null, null, "e1", seq, AT);
    }
}
