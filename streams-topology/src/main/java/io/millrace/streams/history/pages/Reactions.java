package io.millrace.streams.history.pages;

import com.fasterxml.jackson.core.type.TypeReference;
import io.millrace.contract.history.LogAnswer.ReactionCount;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reactions a message has (ROOM-3), by name: how many, and who gave them, some when they are many. Bounded: so many names of a message are
 * summed up, and so many senders of a name are named. A value; it changes by what one sender gave before and gives now.
 */
record Reactions(Map<String, ReactionCount> byName) {
    static final Reactions NONE = new Reactions(Map.of());
    static final int MOST_NAMES = 100;
    static final int MOST_SENDERS = 20;
    private static final TypeReference<LinkedHashMap<String, ReactionCount>> COUNTS = new TypeReference<>() { };

    /** Whether a reaction of that name can be summed up. */
    boolean takes(String name) {
        return byName.containsKey(name) || byName.size() < MOST_NAMES;
    }

    Reactions replace(String sender, Given before, Given now) {
        Map<String, ReactionCount> changed = new LinkedHashMap<>(byName);
        before.byName().forEach((name, times) -> count(changed, name, sender, -times));
        now.byName().forEach((name, times) -> count(changed, name, sender, times));
        return new Reactions(changed);
    }

    byte[] bytes() {
        return byName.isEmpty() ? new byte[0] : Json.bytes(byName);
    }

    static Reactions read(byte[] bytes) {
        if (bytes.length == 0) {
            return NONE;
        }
        try {
            return new Reactions(Json.MAPPER.readValue(bytes, COUNTS));
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read the reactions of a message; the view's store is damaged", e);
        }
    }

    private static void count(Map<String, ReactionCount> counts, String name, String sender, int change) {
        var former = counts.getOrDefault(name, new ReactionCount(0, List.of()));
        long total = former.total() + change;
        List<String> senders = new ArrayList<>(former.senders());
        if (change < 0) {
            senders.remove(sender);
        } else if (senders.size() < MOST_SENDERS) {
            senders.add(sender);
        }
        if (total == 0) {
            counts.remove(name);
        } else {
            counts.put(name, new ReactionCount(total, senders));
        }
    }
}
