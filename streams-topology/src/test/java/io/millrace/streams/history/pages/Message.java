package io.millrace.streams.history.pages;

import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message as a reader sees it: its text (none once deleted), the last seq applied to it, the seq of the change that shows, and how many
 * reactions it has, by name and by "name sender"; a page names the senders only.
 */
record Message(long seq, String text, long version, Long changedAt, boolean deleted, Map<String, Long> reactions) {
    static Message of(Page.Item item) {
        var changed = item.latest().changed();
        return new Message(item.seq(), entry(item).text(), item.latest().version(), changed == null ? null : changed.seq(), item.latest().deleted() != null,
                told(item.latest().reactions()));
    }

    private static Map<String, Long> told(Map<String, LogAnswer.ReactionCount> reactions) {
        Map<String, Long> told = new TreeMap<>();
        (reactions == null ? Map.<String, LogAnswer.ReactionCount>of() : reactions).forEach((name, count) -> {
            told.put(name, count.total());
            count.senders().forEach(sender -> told.put(name + " " + sender, 1L));
        });
        return told;
    }

    Message after(long at, Entry change) {
        boolean shows = !deleted && !change.action().isReaction();
        boolean gone = deleted || change.action() == Action.DELETE;
        return new Message(seq, gone ? null : shows ? change.text() : text, at, shows ? Long.valueOf(at) : changedAt, gone, gone ? Map.of() : reactions);
    }

    /** What the view answers of that room, from {@code oldest} on. */
    static List<Message> from(ViewStore store, String room, long oldest) {
        return new RoomReader(store).latest(room, new PageRequest(Math.max(0, oldest - 1), null, 1000, 1 << 20)).items().stream().map(Message::of).toList();
    }

    static Entry entry(Page.Item item) {
        try {
            return Json.MAPPER.readValue(item.json(), Entry.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
