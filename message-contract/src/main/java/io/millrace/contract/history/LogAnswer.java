package io.millrace.contract.history;

import io.millrace.contract.record.Entry;
import java.time.Instant;
import java.util.List;

/**
 * One page of a room's log from the history view, in the order asked for; {@code complete} says that nothing more is kept in that
 * direction. {@code headSeq}, {@code oldestSeq} and {@code oldestAt} describe the whole room at the moment of the answer.
 */
public record LogAnswer(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, List<Item> items, boolean complete) {
    public LogAnswer {
        items = List.copyOf(items);
    }

    /** An entry with its seq and the offset of its record in the room's log partition. */
    public record Item(long seq, long offset, Entry entry) {
    }
}
