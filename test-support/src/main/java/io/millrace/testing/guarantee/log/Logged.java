package io.millrace.testing.guarantee.log;

import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.TopicReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands on the topics at the end of the write path: each room's entries as committed and as uncommitted readers saw them, and the
 * terminal events of each message by its name.
 */
public record Logged(Map<String, List<LogRecord>> rooms, Map<String, List<LogRecord>> uncommitted, Map<String, List<SyncEvent>> terminal) {
    public static Logged read(TopicReader reader, Topics topics) {
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
    public static String name(String sender, String room, String id) {
        return sender + "/" + room + "/" + id;
    }

    private static Map<String, List<LogRecord>> byRoom(List<LogRecord> records) {
        Map<String, List<LogRecord>> rooms = new HashMap<>();
        records.forEach(record -> rooms.computeIfAbsent(record.room(), room -> new ArrayList<>()).add(record));
        return rooms;
    }
}
