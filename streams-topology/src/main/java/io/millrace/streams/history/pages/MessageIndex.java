package io.millrace.streams.history.pages;

import io.millrace.contract.message.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds messages by their create seq and says what became of each (HIS-3). States are written beside each other and never overwritten; the
 * one with the highest version counts. So whatever a crash brings back of former states changes nothing; written by the stream thread.
 */
final class MessageIndex {
    private final ViewStore store;

    MessageIndex(ViewStore store) {
        this.store = store;
    }

    /** The entry must be in the store already: a state whose create entry is missing is never shown. */
    void add(LogLine line) {
        if (line.action() == Action.CREATE) {
            store.put(line.room(), line.epoch(), MessageState.created(line.seq()));
        } else if (line.action() != null && line.target() != null) {
            change(line);
        }
    }

    /** Drops what is known of the messages created from {@code from} to {@code to}, both inclusive. */
    void drop(String room, String epoch, long from, long to) {
        if (from <= to) {
            states(room, epoch, from, to).forEach(state -> store.delete(room, epoch, state));
        }
    }

    /** A target that is not there was trimmed: an edit does not bring it back. */
    private void change(LogLine line) {
        var states = states(line.room(), line.epoch(), line.target(), line.target());
        if (states.isEmpty() || states.get(states.size() - 1).version() >= line.seq()) {
            return;
        }
        store.put(line.room(), line.epoch(), states.get(states.size() - 1).after(line.seq(), line.action()));
        states.forEach(former -> store.delete(line.room(), line.epoch(), former));
    }

    private List<MessageState> states(String room, String epoch, long from, long to) {
        List<MessageState> states = new ArrayList<>();
        try (var found = store.states(room, epoch, from, to)) {
            found.forEachRemaining(states::add);
        }
        return states;
    }
}
