package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import io.millrace.streams.room.SequencerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the write path promises, checked on one history: fails as an assertion that names what was broken. */
final class WritePathPromises {
    private static final int LIMIT = 4;
    private static final LaneSettings.Attempts ATTEMPTS =
            new LaneSettings.Attempts(false, 1, Duration.ofSeconds(6), Duration.ofSeconds(10), Duration.ofSeconds(8));

    private final HookScript hook;
    private final LaneSettings lanes;

    WritePathPromises(HookScript hook, OnFinalFailure onFinalFailure) {
        this.hook = hook;
        this.lanes = new LaneSettings(LIMIT, Duration.ofSeconds(6), hook.on() ? ATTEMPTS.withHook() : ATTEMPTS, onFinalFailure, LaneSettings.DEFAULTS.idle());
    }

    /** Without crashes: every lane comes, step by step, to what the plain words say. */
    void verifyPlain(List<Step> steps) {
        var plain = new PlainLanes(lanes, hook);
        try (var real = new CrashingPipeline(lanes, SequencerSettings.DEFAULTS, hook)) {
            for (var step : steps) {
                perform(step, real);
                follow(step, plain);
                assertThat(real.inbox()).as("turns after %s", step).hasSameSizeAs(plain.turns());
            }
            real.commitSequencer();
            assertThat(turns(real)).isEqualTo(turns(plain));
            verifyOutcomes(real);
        }
    }

    /** With crashes of the scheduler and the sequencer at any time. */
    void verifyCrashing(List<Step> steps) {
        Set<String> sent = new LinkedHashSet<>();
        try (var real = new CrashingPipeline(lanes, SequencerSettings.DEFAULTS, hook)) {
            for (var step : steps) {
                perform(step, real);
                if (step instanceof Step.Send send) {
                    sent.add(PlainRooms.name(send.message().accepted()));
                }
            }
            settle(real, sent);
            assertThat(outcomes(real.events()).keySet()).as("messages with a last word").isEqualTo(sent);
            verifyOutcomes(real);
            verifyUncommittedReaders(real);
            verifyOrderOfArrival(real, sentOnceByArrival(steps));
        }
    }

    /** What came before a crash may wait anew after it, so once may not be enough. */
    private static void settle(CrashingPipeline real, Set<String> sent) {
        for (int times = 0; times < 2; times++) {
            real.pass(Step.LONG);
            real.commitScheduler();
            real.commitSequencer();
            if (outcomes(real.events()).keySet().equals(sent)) {
                return;
            }
        }
    }

    private void perform(Step step, CrashingPipeline real) {
        if (step instanceof Step.Send send) {
            real.send(send.message().at(real.now()).accepted());
        } else if (step instanceof Step.Upload upload) {
            real.upload(outcome(upload));
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

    private static void follow(Step step, PlainLanes plain) {
        if (step instanceof Step.Send send) {
            plain.send(send.message().accepted());
        } else if (step instanceof Step.Upload upload) {
            plain.upload(outcome(upload));
        } else if (step instanceof Step.Pass pass && pass.isLong()) {
            plain.passLongTime();
        }
    }

    private static AttachmentOutcome outcome(Step.Upload upload) {
        var failure = upload.succeeds() ? null : Cause.of(ErrorCode.TOO_LARGE, "too large");
        return new AttachmentOutcome(upload.attachment(), upload.sender(), "lobby", null, "image/png", 1L, upload.succeeds() ? "00" : null, failure, Written.START);
    }

    private static Map<String, List<String>> turns(CrashingPipeline real) {
        return real.inbox().stream().collect(Collectors.groupingBy(turn -> PlainLanes.lane(turn.accepted()),
                Collectors.mapping(turn -> PlainRooms.name(turn.accepted()) + " " + failure(turn) + " " + turn.attempt(), Collectors.toList())));
    }

    private static Map<String, List<String>> turns(PlainLanes plain) {
        return plain.turns().stream().collect(Collectors.groupingBy(PlainLanes.Turn::lane,
                Collectors.mapping(turn -> PlainRooms.name(turn.accepted()) + " " + turn.failure() + " " + turn.attempt(), Collectors.toList())));
    }

    private static ErrorCode failure(InboxRecord turn) {
        return turn.passes() ? null : turn.failure().code();
    }

    /** The committed log, events and failures follow from the inbox alone, one way only. */
    private static void verifyOutcomes(CrashingPipeline real) {
        var plain = new PlainRooms();
        real.inbox().forEach(turn -> plain.take(turn.accepted(), failure(turn)));
        assertThat(rooms(real.log())).isEqualTo(plain.rooms());
        assertThat(outcomes(real.events())).isEqualTo(plain.outcomes());
        assertThat(real.events()).as("terminal events, one for each turn").hasSameSizeAs(real.inbox());
        assertThat(real.failures()).extracting(failure -> PlainRooms.name(failure.sender(), failure.room(), failure.id()))
                .containsExactlyInAnyOrderElementsOf(plain.outcomes().entrySet().stream().filter(outcome -> !outcome.getValue().equals("synced")).map(Map.Entry::getKey).toList());
        verifySeqs(real.log());
        verifyLanes(real.log());
        verifyPlaces(real.log(), real.events());
    }

    private static void verifySeqs(List<LogRecord> log) {
        Map<String, Long> heads = new HashMap<>();
        Map<String, String> epochs = new HashMap<>();
        for (var record : log) {
            assertThat(record.seq()).as("seq in %s", record.room()).isEqualTo(heads.getOrDefault(record.room(), 0L) + 1);
            assertThat(record.epoch()).isEqualTo(epochs.computeIfAbsent(record.room(), room -> record.epoch()));
            heads.put(record.room(), record.seq());
        }
    }

    private static void verifyLanes(List<LogRecord> log) {
        Map<String, Long> passed = new HashMap<>();
        for (var record : log) {
            var entry = record.entry();
            if (entry.laneSeq() != null) {
                var lane = record.room() + "/" + entry.sender() + "/" + entry.session() + "/" + entry.type().lane();
                assertThat(entry.laneSeq()).as("order of %s", lane).isGreaterThan(passed.getOrDefault(lane, 0L));
                passed.put(lane, entry.laneSeq());
            }
        }
    }

    /** A sender is told the place its message really has. */
    private static void verifyPlaces(List<LogRecord> log, List<SyncEvent> events) {
        Map<String, LogRecord> entries = new HashMap<>();
        log.forEach(record -> entries.put(PlainRooms.name(record.entry().sender(), record.room(), record.entry().id()), record));
        events.stream().filter(event -> event.state() == SyncState.SYNCED).forEach(event -> {
            var entry = entries.get(name(event));
            assertThat(event.seq()).as("place told for %s", name(event)).isEqualTo(entry.seq());
            assertThat(event.epoch()).isEqualTo(entry.epoch());
        });
    }

    private static void verifyUncommittedReaders(CrashingPipeline real) {
        Map<String, Long> heads = new HashMap<>();
        List<LogRecord> seen = real.uncommittedLog().stream().filter(record -> {
            boolean isNew = record.seq() > heads.getOrDefault(record.room(), 0L);
            heads.merge(record.room(), record.seq(), Math::max);
            return isNew;
        }).toList();
        assertThat(seen).isEqualTo(real.log());
    }

    /** Messages without a laneSeq whose id came only once, by lane and room. */
    private static Map<String, List<String>> sentOnceByArrival(List<Step> steps) {
        List<Written> sent = steps.stream().filter(Step.Send.class::isInstance).map(step -> ((Step.Send) step).message()).toList();
        var times = sent.stream().collect(Collectors.groupingBy(message -> PlainRooms.name(message.accepted()), Collectors.counting()));
        return sent.stream().filter(message -> message.laneSeq() == null && times.get(PlainRooms.name(message.accepted())) == 1)
                .collect(Collectors.groupingBy(message -> PlainLanes.lane(message.accepted()) + message.room(), LinkedHashMap::new,
                        Collectors.mapping(message -> PlainRooms.name(message.accepted()), Collectors.toList())));
    }

    private static void verifyOrderOfArrival(CrashingPipeline real, Map<String, List<String>> arrived) {
        var logged = rooms(real.log()).values().stream().flatMap(List::stream).toList();
        arrived.forEach((lane, names) -> assertThat(logged.stream().filter(names::contains).toList()).as("order of arrival in %s", lane)
                .isEqualTo(names.stream().filter(logged::contains).toList()));
    }

    private static Map<String, List<String>> rooms(List<LogRecord> log) {
        Map<String, List<String>> rooms = new HashMap<>();
        log.forEach(record -> rooms.computeIfAbsent(record.room(), room -> new ArrayList<>())
                .add(PlainRooms.name(record.entry().sender(), record.room(), record.entry().id())));
        return rooms;
    }

    /** Of each message; all of its terminal events must be the same. */
    private static Map<String, String> outcomes(List<SyncEvent> events) {
        Map<String, SyncEvent> first = new HashMap<>();
        Map<String, String> outcomes = new HashMap<>();
        for (var event : events) {
            assertThat(event).as("another last word for %s", name(event)).isEqualTo(first.computeIfAbsent(name(event), message -> event));
            outcomes.put(name(event), event.state() == SyncState.SYNCED ? "synced" : event.cause().code().name());
        }
        return outcomes;
    }

    /** Ids say who sent them. */
    private static String name(SyncEvent event) {
        return PlainRooms.name(event.id().substring(0, event.id().indexOf('-')), event.room(), event.id());
    }
}
