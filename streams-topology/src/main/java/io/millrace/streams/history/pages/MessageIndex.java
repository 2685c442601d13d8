package io.millrace.streams.history.pages;

import io.millrace.contract.message.Action;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

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
            store.dropReactions(room, epoch, from, to);
        }
    }

    /** What the log said from {@code from} on is void: messages created since go, and those {@code changed} since become what the log before says of them. */
    void withdraw(String room, String epoch, long from, Set<Long> changed) {
        drop(room, epoch, from, Long.MAX_VALUE);
        if (changed.isEmpty()) {
            return;
        }
        changed.forEach(seq -> drop(room, epoch, seq, seq));
        try (var entries = store.ascending(room, epoch, Collections.min(changed), from - 1)) {
            while (entries.hasNext()) {
                var line = LogLine.of(room, entries.next());
                if (changed.contains(line.target() == null ? Long.valueOf(line.seq()) : line.target())) {
                    add(line);
                }
            }
        }
    }

    /** A target that is not there was trimmed: an edit does not bring it back. */
    private void change(LogLine line) {
        var states = states(line.room(), line.epoch(), line.target(), line.target());
        if (states.isEmpty() || states.get(states.size() - 1).version() >= line.seq()) {
            return;
        }
        var former = states.get(states.size() - 1);
        if (line.action().isReaction() && !former.deleted()) {
            react(line, former);
        } else {
            store.put(line.room(), line.epoch(), former.after(line.seq(), line.action()));
        }
        states.forEach(state -> store.delete(line.room(), line.epoch(), state));
    }

    /** What the sender gives now is put first, and what it gave before goes last: until the new state is there, the former one can be changed again. */
    private void react(LogLine line, MessageState former) {
        var reaction = line.said();
        var name = reaction.data() == null ? "" : reaction.data().path("name").asText();
        var state = former.after(line.seq(), line.action());
        if (name.isEmpty() || !former.reactions().takes(name)) {
            store.put(line.room(), line.epoch(), state);
            return;
        }
        var given = given(line, reaction.sender());
        var before = given.isEmpty() ? Given.NOTHING : given.get(given.size() - 1);
        var now = before.after(line.seq(), reaction, name);
        store.put(line.room(), line.epoch(), line.target(), reaction.sender(), now);
        store.put(line.room(), line.epoch(), state.with(former.reactions().replace(reaction.sender(), before, now)));
        given.forEach(each -> store.delete(line.room(), line.epoch(), line.target(), reaction.sender(), each));
    }

    /** What the sender gave this message before the line. */
    private List<Given> given(LogLine line, String sender) {
        List<Given> given = new ArrayList<>();
        try (var found = store.given(line.room(), line.epoch(), line.target(), sender)) {
            found.forEachRemaining(given::add);
        }
        given.removeIf(each -> each.version() >= line.seq());
        return given;
    }

    private List<MessageState> states(String room, String epoch, long from, long to) {
        List<MessageState> states = new ArrayList<>();
        try (var found = store.states(room, epoch, from, to)) {
            found.forEachRemaining(states::add);
        }
        return states;
    }
}
