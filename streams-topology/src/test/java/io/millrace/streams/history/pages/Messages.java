package io.millrace.streams.history.pages;

import io.millrace.contract.message.Action;
import io.millrace.contract.record.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plain meaning of HIS-3: read the log from its oldest entry and apply each change to what it names. */
final class Messages {
    private Messages() {
    }

    static List<Message> of(Page log) {
        var messages = new TreeMap<Long, Message>();
        var reactions = new HashMap<Long, Map<String, Map<String, Long>>>();
        for (var item : log.items()) {
            var entry = Message.entry(item);
            if (entry.action() == Action.CREATE) {
                messages.put(item.seq(), new Message(item.seq(), entry.text(), item.seq(), null, false, Map.of()));
            } else {
                messages.computeIfPresent(entry.target(), (seq, message) -> message.after(item.seq(), entry));
                if (entry.action().isReaction() && messages.containsKey(entry.target())) {
                    react(reactions.computeIfAbsent(entry.target(), any -> new HashMap<>()), entry);
                }
            }
        }
        reactions.forEach((seq, given) -> messages.computeIfPresent(seq, (any, message) -> message.deleted() ? message
                : new Message(seq, message.text(), message.version(), message.changedAt(), false, told(given))));
        return List.copyOf(messages.values());
    }

    /** MSG-4, sender by sender: {@code given} is name to sender to how often. */
    private static void react(Map<String, Map<String, Long>> given, Entry entry) {
        String name = entry.data().get("name").asText();
        String kind = entry.data().get("kind").asText();
        if (entry.action() == Action.REACTION_REMOVE || kind.equals("unique")) {
            given.forEach((each, by) -> {
                if (each.equals(name) || entry.action() == Action.REACTION_ADD) {
                    by.remove(entry.sender());
                }
            });
        }
        if (entry.action() == Action.REACTION_ADD) {
            given.computeIfAbsent(name, any -> new HashMap<>()).merge(entry.sender(), 1L, (one, more) -> kind.equals("multiple") ? one + more : 1L);
        }
    }

    private static Map<String, Long> told(Map<String, Map<String, Long>> given) {
        Map<String, Long> told = new TreeMap<>();
        given.forEach((name, by) -> by.forEach((sender, times) -> {
            told.merge(name, times, Long::sum);
            told.put(name + " " + sender, 1L);
        }));
        return told;
    }
}
