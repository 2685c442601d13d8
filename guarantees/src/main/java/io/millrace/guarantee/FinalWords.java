package io.millrace.guarantee;

import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds sync events against the log (ING-2, SYN-2, SYN-9): one final word for each message, {@code synced} only for what stands in the log there, and
 * nothing in the log without its word. Pure; one thread.
 */
public final class FinalWords {
    private final Map<String, SyncEvent> words = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private boolean trimmed;

    /** The next event of {@code sender}; {@code beginningIsGone}: the partition does not begin at offset 0. */
    public void add(String sender, SyncEvent event, boolean beginningIsGone) {
        trimmed |= beginningIsGone;
        if (!event.state().isTerminal()) {
            return;
        }
        var word = words.putIfAbsent(key(sender, event.room(), event.id()), event);
        if (word != null && !saysTheSame(word, event)) {
            violations.add(new Violation("OneFinalWord", event.room(), "message " + event.id() + " is " + shown(word) + " and " + shown(event)));
        }
    }

    Optional<SyncEvent> of(String sender, String room, String id) {
        return Optional.ofNullable(words.get(key(sender, room, id)));
    }

    List<Violation> against(LogCheck log) {
        List<Violation> found = new ArrayList<>(violations);
        words.forEach((key, word) -> {
            if (word.state() == SyncState.SYNCED) {
                var line = log.line(word.room(), word.epoch(), word.seq());
                boolean matches = line.filter(there -> key.equals(key(there.sender(), word.room(), there.id()))).isPresent();
                if (!matches && !(line.isEmpty() && log.mayBeTrimmed(word.room(), word.epoch(), word.seq()))) {
                    found.add(new Violation("NothingLost", word.room(), "message " + word.id() + " is synced at seq " + word.seq() + ", where it does not stand"));
                }
            }
        });
        if (!trimmed) {
            log.rooms().forEach(room -> log.forEach(room, line -> {
                if (of(line.sender(), room, line.id()).filter(word -> word.state() == SyncState.SYNCED).isEmpty()) {
                    found.add(new Violation("OneFinalWord", room, "seq " + line.seq() + " stands in the log and was never said to be synced"));
                }
            }));
        }
        return found;
    }

    private static boolean saysTheSame(SyncEvent one, SyncEvent other) {
        return one.state() == other.state() && Objects.equals(one.seq(), other.seq()) && Objects.equals(one.epoch(), other.epoch());
    }

    private static String shown(SyncEvent event) {
        return event.state() == SyncState.SYNCED ? "synced at seq " + event.seq() : "failed";
    }

    private static String key(String sender, String room, String id) {
        return sender + '\n' + room + '\n' + id;
    }
}
