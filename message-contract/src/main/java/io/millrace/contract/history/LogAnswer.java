package io.millrace.contract.history;

import io.millrace.contract.record.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One page of a room's log, or of its messages, from the history view, in the order asked for; {@code complete} says that nothing more is kept in that
 * direction. {@code headSeq}, {@code oldestSeq} and {@code oldestAt} describe the whole room at the moment of the answer.
 */
public record LogAnswer(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, List<Item> items, boolean complete) {
    public LogAnswer {
        items = List.copyOf(items);
    }

    /** An entry with its seq and the offset of its record in the room's log partition; {@code latest} only in the view of that name (HIS-3). */
    public record Item(long seq, long offset, Latest latest, Entry entry) {
        public Item(long seq, long offset, Entry entry) {
            this(seq, offset, null, entry);
        }
    }

    /**
     * What was applied to the message: every change of it up to seq {@code version} and none after. {@code deleted} is true or absent;
     * {@code changed} is the edit or deletion that shows; {@code reactions} are those it has now, by name, null when it has none (ROOM-3).
     */
    public record Latest(long version, Boolean deleted, Changed changed, Map<String, ReactionCount> reactions) {
        public Latest(long version, Boolean deleted, Changed changed) {
            this(version, deleted, changed, null);
        }
    }

    /** How often a reaction of that name was given, all in all, and who gave it: all of them, or some when they are many. */
    public record ReactionCount(long total, List<String> senders) {
        public ReactionCount {
            senders = List.copyOf(senders);
        }
    }

    public record Changed(long seq, String sender, Instant at) {
    }
}
