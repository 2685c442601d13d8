package io.millrace.guarantee;

import io.millrace.contract.json.Json;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds the room log against its promises (LOG-1, SYN-1, SYN-2), record by record in the order of each partition: dense seqs, each lane in order,
 * no message twice. Keeps some 200 bytes of each entry. Pure; one thread.
 */
public final class LogCheck {
    private final Map<String, RoomLines> rooms = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    /** The next record; {@code trimmed}: the partition's log does not begin at offset 0, so a room may begin anywhere. */
    public void add(LogRecord record, boolean trimmed) {
        rooms.computeIfAbsent(record.room(), RoomLines::new).add(record, trimmed);
    }

    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    public Set<String> rooms() {
        return rooms.keySet();
    }

    /** The last seq of the room; 0 if there is none. */
    long head(String room) {
        return Optional.ofNullable(rooms.get(room)).map(lines -> lines.seq).orElse(0L);
    }

    String epoch(String room) {
        return Optional.ofNullable(rooms.get(room)).map(lines -> lines.epoch).orElse(null);
    }

    Optional<Line> line(String room, String epoch, long seq) {
        return Optional.ofNullable(rooms.get(room)).map(lines -> lines.lines.get(epoch + '/' + seq));
    }

    /** Whether an entry that is not here may have been here once. */
    boolean mayBeTrimmed(String room, String epoch, long seq) {
        var lines = rooms.get(room);
        return lines == null || !lines.first.containsKey(epoch) || seq < lines.first.get(epoch);
    }

    void forEach(String room, Consumer<Line> each) {
        rooms.get(room).lines.values().forEach(each);
    }

    /** What is kept of an entry: where it stands, whose it is, and a hash of all it says. */
    record Line(String epoch, long seq, String sender, String id, int content) {
        static int hash(Entry entry) {
            return Arrays.hashCode(Json.bytes(entry));
        }
    }

    private final class RoomLines {
        private final String room;
        private final Map<String, Line> lines = new HashMap<>();
        private final Map<String, Long> first = new HashMap<>();
        private final Map<String, Long> lanes = new HashMap<>();
        private final Set<String> ids = new HashSet<>();
        private String epoch;
        private long seq;

        RoomLines(String room) {
            this.room = room;
        }

        void add(LogRecord record, boolean trimmed) {
            boolean begins = !record.epoch().equals(epoch);
            long due = begins ? 1 : seq + 1;
            if (record.seq() != due && !(begins && trimmed)) {
                violations.add(new Violation("DenseSeq", room, "seq " + record.seq() + " stands where seq " + due + " was due"));
            }
            first.putIfAbsent(record.epoch(), record.seq());
            epoch = record.epoch();
            seq = record.seq();
            var entry = record.entry();
            lines.putIfAbsent(epoch + '/' + seq, new Line(epoch, seq, entry.sender(), entry.id(), Line.hash(entry)));
            order(entry);
            if (!ids.add(entry.sender() + '\n' + entry.id())) {
                violations.add(new Violation("NoDuplicates", room, "seq " + seq + " is message " + entry.id() + " again"));
            }
        }

        private void order(Entry entry) {
            if (entry.laneSeq() != null && entry.type() != null) {
                Long before = lanes.put(entry.sender() + '\n' + entry.session() + '\n' + entry.type().lane(), entry.laneSeq());
                if (before != null && before >= entry.laneSeq()) {
                    violations.add(new Violation("OrderedPerLane", room, "seq " + seq + " has laneSeq " + entry.laneSeq() + " after " + before));
                }
            }
        }
    }
}
