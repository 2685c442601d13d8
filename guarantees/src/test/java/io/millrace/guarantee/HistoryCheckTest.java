package io.millrace.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** The checker finds nothing in a good history and something in every spoiled one: LOG-1, SYN-1, SYN-2, DEL-2, CON-1, CON-3. */
class HistoryCheckTest {
    private static final Predicate<RecordedFrame> MESSAGE = frame -> frame.isGot("message");
    private static final Predicate<RecordedFrame> GAP = frame -> frame.isGot("discontinuity");

    @Property(tries = 300)
    void findsNothingInAGoodHistory(@ForAll long seed) {
        assertThat(GoodHistory.of(seed).check()).isEmpty();
    }

    @Property(tries = 300)
    @Label("NothingLost: any message that is dropped is missed")
    void findsADroppedMessage(@ForAll long seed) {
        assertFound(seed, MESSAGE, (frames, at) -> frames.remove((int) at), "EveryGapReported", "NothingLost");
    }

    @Property(tries = 300)
    void findsADroppedDiscontinuity(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> frames.remove((int) at), "EveryGapReported");
    }

    @Property(tries = 300)
    void findsTwoMessagesThatChangedPlaces(@ForAll long seed) {
        assertFound(seed, 1, MESSAGE, (frames, at) -> Collections.swap(frames, at, at + 1), "Ordered");
    }

    @Property(tries = 300)
    void findsAMessageGivenAgain(@ForAll long seed) {
        assertFound(seed, MESSAGE, (frames, at) -> frames.add(at + 1, frames.get(at)), "NoDuplicates");
    }

    @Property(tries = 300)
    void findsAMessageOfAnotherContent(@ForAll long seed) {
        assertFound(seed, MESSAGE, (frames, at) -> change(frames, at, frame -> ((ObjectNode) frame.get("entry")).put("text", "altered")), "SameContent");
    }

    @Property(tries = 300)
    void findsADiscontinuityThatIsTooWideAtItsEnd(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> change(frames, at, frame -> widen(frame, 0, 1)), "NoFalseGap");
    }

    @Property(tries = 300)
    void findsADiscontinuityThatIsTooWideAtItsBeginning(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> change(frames, at, frame -> widen(frame, -1, 0)), "NoFalseGap");
    }

    @Property(tries = 300)
    void findsADiscontinuityThatIsTooNarrowAtItsEnd(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> change(frames, at, frame -> widen(frame, 0, -1)), "EveryGapReported");
    }

    @Property(tries = 300)
    void findsADiscontinuityThatIsTooNarrowAtItsBeginning(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> change(frames, at, frame -> widen(frame, 1, 0)), "EveryGapReported");
    }

    @Property(tries = 300)
    void findsADiscontinuityThatMiscounts(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> change(frames, at, frame -> frame.put("lost", frame.get("lost").asLong() + 1)), "NoFalseGap");
    }

    @Property(tries = 300)
    void findsADiscontinuityToldTwice(@ForAll long seed) {
        assertFound(seed, GAP, (frames, at) -> frames.add(at + 1, frames.get(at)), "NoFalseGap");
    }

    @Property(tries = 300)
    @Label("LOG-1: a log with a hole, a repeat or a swap is not dense")
    void findsALogThatIsNotDense(@ForAll long seed) {
        var history = GoodHistory.of(seed);
        var random = new Random(seed);
        int at = 1 + random.nextInt(8);
        List<LogRecord> dropped = new ArrayList<>(history.log);
        dropped.remove(at);
        List<LogRecord> repeated = new ArrayList<>(history.log);
        repeated.add(at, repeated.get(at));
        List<LogRecord> swapped = new ArrayList<>(history.log);
        Collections.swap(swapped, at, at + 1);
        for (var spoiled : List.of(dropped, repeated, swapped)) {
            assertThat(GoodHistory.check(spoiled, history.events, history.frames)).extracting(Violation::guarantee).contains("DenseSeq");
        }
    }

    @Property(tries = 300)
    @Label("SYN-1, SYN-2: two entries of a lane that changed places, and a message that stands twice")
    void findsADisorderedLaneAndAMessageThatStandsTwice(@ForAll long seed) {
        var history = GoodHistory.of(seed);
        var of = IntStream.range(0, history.log.size()).filter(i -> history.log.get(i).room().equals("lobby") && history.log.get(i).entry().sender().equals(
                history.log.get(0).entry().sender())).boxed().toList();
        if (of.size() < 2) {
            return;
        }
        List<LogRecord> swapped = new ArrayList<>(history.log);
        swapped.set(of.get(0), with(history.log.get(of.get(0)), history.log.get(of.get(1)).entry()));
        swapped.set(of.get(1), with(history.log.get(of.get(1)), history.log.get(of.get(0)).entry()));
        assertThat(GoodHistory.check(swapped, history.events, history.frames)).extracting(Violation::guarantee).contains("OrderedPerLane");
        List<LogRecord> twice = new ArrayList<>(history.log);
        twice.set(of.get(1), with(history.log.get(of.get(1)), history.log.get(of.get(0)).entry()));
        assertThat(GoodHistory.check(twice, history.events, history.frames)).extracting(Violation::guarantee).contains("NoDuplicates");
    }

    @Property(tries = 300)
    @Label("SYN-9: a final word that is missing, contradicts another, or speaks of another place")
    void findsFinalWordsThatDoNotMatchTheLog(@ForAll long seed) {
        var history = GoodHistory.of(seed);
        int at = new Random(seed).nextInt(history.events.size());
        var word = history.events.get(at);
        List<SyncEvent> missing = new ArrayList<>(history.events);
        missing.removeIf(event -> event.id().equals(word.id()));
        List<SyncEvent> contradicting = new ArrayList<>(history.events);
        contradicting.add(new SyncEvent(word.id(), word.room(), "s", word.lane(), word.laneSeq(), SyncState.FAILED, 1, 4, null, null, null, null, word.at()));
        List<SyncEvent> elsewhere = new ArrayList<>(missing);
        elsewhere.add(new SyncEvent(word.id(), word.room(), "s", word.lane(), word.laneSeq(), SyncState.SYNCED, 1, 4, null, null, word.epoch(), word.seq() + 1, word.at()));
        assertThat(GoodHistory.check(history.log, missing, history.frames)).extracting(Violation::guarantee).contains("OneFinalWord");
        assertThat(GoodHistory.check(history.log, contradicting, history.frames)).extracting(Violation::guarantee).contains("OneFinalWord");
        assertThat(GoodHistory.check(history.log, elsewhere, history.frames)).extracting(Violation::guarantee).contains("NothingLost");
    }

    private static LogRecord with(LogRecord place, Entry entry) {
        return new LogRecord(place.room(), place.epoch(), place.seq(), entry);
    }

    private static void assertFound(long seed, Predicate<RecordedFrame> which, BiConsumer<List<RecordedFrame>, Integer> spoil, String... guarantees) {
        assertFound(seed, 0, which, spoil, guarantees);
    }

    /** {@code following}: so many frames after it must be of the kind as well. */
    private static void assertFound(long seed, int following, Predicate<RecordedFrame> which, BiConsumer<List<RecordedFrame>, Integer> spoil, String... guarantees) {
        var history = GoodHistory.of(seed);
        var candidates = IntStream.range(0, history.frames.size() - following)
                .filter(i -> IntStream.rangeClosed(i, i + following).allMatch(each -> which.test(history.frames.get(each)))).boxed().toList();
        if (candidates.isEmpty()) {
            return;
        }
        List<RecordedFrame> spoiled = new ArrayList<>(history.frames);
        spoil.accept(spoiled, candidates.get(new Random(seed).nextInt(candidates.size())));
        assertThat(GoodHistory.check(history.log, history.events, spoiled)).extracting(Violation::guarantee).containsAnyOf(guarantees);
    }

    private static void change(List<RecordedFrame> frames, int at, Consumer<ObjectNode> change) {
        var old = frames.get(at);
        ObjectNode changed = old.got().deepCopy();
        change.accept(changed);
        frames.set(at, RecordedFrame.got(old.at(), old.connection(), changed));
    }

    private static void widen(ObjectNode gap, long from, long to) {
        gap.put("from", gap.get("from").asLong() + from).put("to", gap.get("to").asLong() + to);
        gap.put("lost", gap.get("to").asLong() - gap.get("from").asLong() + 1);
    }
}
