package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.SequencerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** SYN-1..3, SYN-9, LOG-1, LOG-4 for whatever clients send and whenever the scheduler and the sequencer crash. */
class WritePathProperties {
    private static final int LIMIT = 4;
    private static final LaneSettings LANES = new LaneSettings(LIMIT, LaneSettings.DEFAULTS.gapTimeout(), LaneSettings.DEFAULTS.attempts(),
            LaneSettings.DEFAULTS.onFinalFailure(), LaneSettings.DEFAULTS.idle());
    private static final Duration A_MOMENT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(40);

    sealed interface Step {
        record Send(Written message) implements Step {
        }

        record Pass(Duration time) implements Step {
        }

        enum Event implements Step {
            COMMIT_SCHEDULER, CRASH_SCHEDULER, COMMIT_SEQUENCER, CRASH_SEQUENCER
        }
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void comesToWhatThePlainWordsSay(@ForAll("histories") List<Step> steps) {
        var plain = new PlainPipeline(LIMIT);
        try (var real = new CrashingPipeline(LANES, SequencerSettings.DEFAULTS)) {
            for (var step : steps) {
                perform(step, real);
                if (step instanceof Step.Send send) {
                    plain.send(send.message().accepted());
                } else if (step instanceof Step.Pass pass && pass.time().equals(LONG)) {
                    plain.passLongTime();
                }
            }
            real.commitSequencer();
            assertThat(outcomes(real.events())).isEqualTo(plain.outcomes());
            assertThatRoomsAreDenseAndLanesInOrder(real.log());
            if (!steps.contains(new Step.Pass(LONG))) { // which lane passes its hole first is nobody's promise
                assertThat(rooms(real.log())).isEqualTo(plain.rooms());
            }
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void keepsItsPromisesAcrossCrashes(@ForAll("historiesWithCrashes") List<Step> steps) {
        Set<String> sent = new HashSet<>();
        try (var real = new CrashingPipeline(LANES, SequencerSettings.DEFAULTS)) {
            for (var step : steps) {
                perform(step, real);
                if (step instanceof Step.Send send) {
                    sent.add(PlainPipeline.name(send.message().sender(), send.message().room(), send.message().id()));
                }
            }
            real.pass(LONG);
            real.pass(LONG);
            real.commitScheduler();
            real.commitSequencer();
            assertThatRoomsAreDenseAndLanesInOrder(real.log());
            assertThatEveryMessageHasOneLastWord(real, sent);
            assertThatUncommittedReadersSawTheCommittedLog(real);
        }
    }

    private static void perform(Step step, CrashingPipeline real) {
        if (step instanceof Step.Send send) {
            real.send(send.message().accepted());
        } else if (step instanceof Step.Pass pass) {
            real.pass(pass.time());
        } else {
            switch ((Step.Event) step) {
                case COMMIT_SCHEDULER -> real.commitScheduler();
                case CRASH_SCHEDULER -> real.crashScheduler();
                case COMMIT_SEQUENCER -> real.commitSequencer();
                case CRASH_SEQUENCER -> real.crashSequencer();
            }
        }
    }

    private static void assertThatRoomsAreDenseAndLanesInOrder(List<LogRecord> log) {
        Map<String, Long> heads = new HashMap<>();
        Map<String, String> epochs = new HashMap<>();
        Map<String, Long> lanes = new HashMap<>();
        for (var record : log) {
            assertThat(record.seq()).isEqualTo(heads.getOrDefault(record.room(), 0L) + 1);
            assertThat(record.epoch()).isEqualTo(epochs.computeIfAbsent(record.room(), room -> record.epoch()));
            heads.put(record.room(), record.seq());
            var entry = record.entry();
            if (entry.laneSeq() != null) {
                var lane = record.room() + "/" + entry.sender() + "/" + entry.session() + "/" + entry.type().lane();
                assertThat(entry.laneSeq()).isGreaterThan(lanes.getOrDefault(lane, 0L));
                lanes.put(lane, entry.laneSeq());
            }
        }
    }

    private static void assertThatEveryMessageHasOneLastWord(CrashingPipeline real, Set<String> sent) {
        var outcomes = outcomes(real.events());
        assertThat(outcomes.keySet()).isEqualTo(sent);
        List<String> logged = new ArrayList<>();
        rooms(real.log()).values().forEach(logged::addAll);
        assertThat(logged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(
                outcomes.entrySet().stream().filter(outcome -> outcome.getValue().equals("synced")).map(Map.Entry::getKey).toList());
        assertThat(real.failures()).hasSize(outcomes.size() - logged.size());
    }

    private static void assertThatUncommittedReadersSawTheCommittedLog(CrashingPipeline real) {
        Map<String, Long> heads = new HashMap<>();
        List<LogRecord> seen = real.uncommittedLog().stream().filter(record -> {
            boolean isNew = record.seq() > heads.getOrDefault(record.room(), 0L);
            heads.merge(record.room(), record.seq(), Math::max);
            return isNew;
        }).toList();
        assertThat(seen).isEqualTo(real.log());
    }

    private static Map<String, List<String>> rooms(List<LogRecord> log) {
        Map<String, List<String>> rooms = new HashMap<>();
        log.forEach(record -> rooms.computeIfAbsent(record.room(), room -> new ArrayList<>())
                .add(PlainPipeline.name(record.entry().sender(), record.room(), record.entry().id())));
        return rooms;
    }

    /** Of each message; all of its terminal events must be the same. */
    private static Map<String, String> outcomes(List<SyncEvent> events) {
        Map<String, SyncEvent> first = new HashMap<>();
        Map<String, String> outcomes = new HashMap<>();
        for (var event : events) {
            // ids say who sent them, see below
            var name = PlainPipeline.name(event.id().substring(0, event.id().indexOf('-')), event.room(), event.id());
            assertThat(event).isEqualTo(first.computeIfAbsent(name, message -> event));
            outcomes.put(name, event.state() == SyncState.SYNCED ? "synced" : event.cause().code().name());
        }
        return outcomes;
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Arbitraries.<Step>frequencyOf(List.of(Tuple.of(12, sends()), Tuple.of(2, passes()))).list().ofMinSize(1).ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Step>> historiesWithCrashes() {
        Arbitrary<Step> events = Arbitraries.of(Step.Event.values()).map(event -> event);
        return Arbitraries.<Step>frequencyOf(List.of(Tuple.of(12, sends()), Tuple.of(2, passes()), Tuple.of(5, events))).list().ofMinSize(1).ofMaxSize(60);
    }

    private static Arbitrary<Step> passes() {
        return Arbitraries.frequency(Tuple.of(4, A_MOMENT), Tuple.of(1, LONG)).map(Step.Pass::new);
    }

    /** Few senders, sessions, rooms and numbers, so that they meet: repeats, gaps, latecomers and other ids for the same place. */
    private static Arbitrary<Step> sends() {
        var senders = Arbitraries.of("ana", "ben");
        var sessions = Arbitraries.of("s1", "s1", "s1", "s2");
        var types = Arbitraries.of(MessageType.TEXT, MessageType.TEXT, MessageType.IMAGE);
        var rooms = Arbitraries.of("lobby", "den");
        var laneSeqs = Arbitraries.integers().between(0, 9);
        var ids = Arbitraries.integers().between(-12, 4);
        return Combinators.combine(senders, sessions, types, rooms, laneSeqs, ids).as(WritePathProperties::send);
    }

    /** Most ids follow from the place in the lane, as an honest client's do; laneSeq 0 stands for none. */
    private static Step send(String sender, String session, MessageType type, String room, int laneSeq, int other) {
        var id = sender + "-" + (other > 0 ? "other" + other : session + type.lane().wireName() + laneSeq);
        var message = Written.by(sender).session(session).type(type).in(room).id(id);
        return new Step.Send(laneSeq == 0 ? message.byArrival() : message.laneSeq(laneSeq));
    }
}
