package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.guarantee.Violation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge of {@link FaultsIT} and {@link BrokersIT} notices what it is there for; what it shares with {@code check} is tested there. */
class LoggedTest {
    private static final Instant AT = Instant.parse("2026-11-22T05:00:00Z");
    private static final Set<String> ACCEPTED = Set.of(name(1), name(2));

    @Test
    void hasNothingToSayAboutAGoodLog() {
        var logged = logged(List.of(entry(1, 1), entry(2, 2)), List.of(entry(1, 1), entry(2, 2), entry(1, 1), entry(2, 2)));
        assertThat(logged.violations(ACCEPTED, List.of())).isEmpty();
    }

    @Test
    void noticesAMessageWithoutAnOutcome() {
        assertThat(violated(logged(List.of(entry(1, 1))))).containsExactly("NothingLost");
    }

    @Test
    void noticesTwoOutcomes() {
        var logged = logged(List.of(entry(1, 1), entry(2, 2)));
        logged.terminal().put(name(1), List.of(synced(1, 1), synced(1, 2)));
        assertThat(violated(logged)).containsExactly("OneFinalWord");
    }

    @Test
    void noticesAConfirmationWithoutAnEntry() {
        var logged = logged(List.of(entry(1, 1)));
        logged.terminal().put(name(2), List.of(synced(2, 2)));
        assertThat(violated(logged)).containsExactly("NothingLost");
    }

    @Test
    void noticesAWrongOrder() {
        assertThat(violated(logged(List.of(entry(2, 1), entry(1, 2))))).containsExactly("OrderedPerLane");
    }

    @Test
    void noticesAHoleInTheSeqs() {
        assertThat(violated(logged(List.of(entry(1, 1), entry(2, 3))))).containsExactly("DenseSeq");
    }

    @Test
    void noticesThatARepeatDiffers() {
        var good = List.of(entry(1, 1), entry(2, 2));
        assertThat(violated(logged(good, List.of(entry(1, 1), entry(2, 2), entry(3, 2))))).containsExactly("SameLog");
        assertThat(violated(logged(good, List.of(entry(3, 1), entry(1, 1), entry(2, 2))))).containsOnly("SameLog");
        assertThat(violated(logged(good, List.of(entry(1, 1))))).containsExactly("SameLog");
    }

    private static List<String> violated(Logged logged) {
        return logged.violations(ACCEPTED, List.of()).stream().map(Violation::guarantee).toList();
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
