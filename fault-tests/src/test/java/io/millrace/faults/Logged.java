package io.millrace.faults;

import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topics;
import io.millrace.guarantee.FinalWords;
import io.millrace.guarantee.HistoryCheck;
import io.millrace.guarantee.LogCheck;
import io.millrace.guarantee.RecordedFrame;
import io.millrace.guarantee.Violation;
import io.millrace.testing.TopicReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands on the topics at the end of the write path: each room's entries as committed and as uncommitted readers saw them, and the
 * terminal events of each message by its name.
 */
record Logged(Map<String, List<LogRecord>> rooms, Map<String, List<LogRecord>> uncommitted, Map<String, List<SyncEvent>> terminal) {
    static Logged read(TopicReader reader, Topics topics) {
        Map<String, List<SyncEvent>> terminal = new HashMap<>();
        for (var record : reader.committedRecords(topics.syncEvents())) {
            var event = topics.syncEvents().decode(record.value());
            if (event.state().isTerminal()) {
                terminal.computeIfAbsent(name(record.key(), event.room(), event.id()), message -> new ArrayList<>()).add(event);
            }
        }
        return new Logged(byRoom(reader.committed(topics.roomLog())), byRoom(reader.uncommitted(topics.roomLog())), terminal);
    }

    /** What makes a message this one (MSG-2). */
    static String name(String sender, String room, String id) {
        return sender + "/" + room + "/" + id;
    }

    /** Each promise that is not kept, though the messages {@code accepted} were taken and these frames given to readers (ING-2, SYN-1, SYN-2, SYN-9, LOG-1, LOG-4). */
    List<Violation> violations(Collection<String> accepted, List<RecordedFrame> frames) {
        List<Violation> violations = new ArrayList<>(new HistoryCheck(log(), words(), true).violations(frames));
        accepted.stream().filter(name -> !terminal.containsKey(name)).forEach(name -> violations.add(new Violation("NothingLost", name, "was accepted and has no outcome")));
        rooms.keySet().forEach(room -> uncommittedReadersWereGivenAnotherLog(room, violations));
        return violations;
    }

    /** A reader of uncommitted records that drops what has a seq it has passed is given the committed log, entry for entry, and no repeat differs (LOG-4, DEL-5). */
    private void uncommittedReadersWereGivenAnotherLog(String room, List<Violation> violations) {
        List<LogRecord> seen = uncommitted.getOrDefault(room, List.of());
        if (!withoutRepeats(seen).equals(rooms.get(room))) {
            violations.add(new Violation("SameLog", room, "uncommitted readers were given another log"));
        }
        Set<LogRecord> foreign = new HashSet<>(seen);
        rooms.get(room).forEach(foreign::remove);
        foreign.forEach(record -> violations.add(new Violation("SameLog", room, "seq " + record.seq() + " was written with different content")));
    }

    private LogCheck log() {
        var log = new LogCheck();
        rooms.values().forEach(records -> records.forEach(record -> log.add(record, false)));
        return log;
    }

    private FinalWords words() {
        var words = new FinalWords();
        terminal.forEach((name, events) -> events.forEach(event -> words.add(name.substring(0, name.indexOf('/')), event, false)));
        return words;
    }

    private static List<LogRecord> withoutRepeats(List<LogRecord> records) {
        List<LogRecord> passed = new ArrayList<>();
        Map<String, Long> heads = new HashMap<>();
        records.forEach(record -> {
            if (record.seq() > heads.getOrDefault(record.epoch(), 0L)) {
                heads.put(record.epoch(), record.seq());
                passed.add(record);
            }
        });
        return passed;
    }

    private static Map<String, List<LogRecord>> byRoom(List<LogRecord> records) {
        Map<String, List<LogRecord>> rooms = new HashMap<>();
        records.forEach(record -> rooms.computeIfAbsent(record.room(), room -> new ArrayList<>()).add(record));
        return rooms;
    }
}
