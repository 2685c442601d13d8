package io.millrace.streams.history.pages;

import com.fasterxml.jackson.core.type.TypeReference;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The reactions one sender has given one message, by name and number, as of the entry {@code version} (MSG-4). A value. */
record Given(long version, Map<String, Integer> byName) {
    static final Given NOTHING = new Given(0, Map.of());
    private static final TypeReference<LinkedHashMap<String, Integer>> NUMBERS = new TypeReference<>() { };

    /**
     * After the sender's reaction at {@code seq}: {@code unique} replaces all of the sender's, {@code multiple} counts each, any other counts once; a
     * removal takes all of its name.
     */
    Given after(long seq, Entry reaction, String name) {
        String kind = reaction.data().path("kind").asText();
        Map<String, Integer> next = new LinkedHashMap<>("unique".equals(kind) && reaction.action() == Action.REACTION_ADD ? Map.of() : byName);
        if (reaction.action() == Action.REACTION_REMOVE) {
            next.remove(name);
        } else {
            next.put(name, "multiple".equals(kind) ? next.getOrDefault(name, 0) + 1 : 1);
        }
        return new Given(seq, next);
    }

    byte[] bytes() {
        return Json.bytes(byName);
    }

    static Given read(long version, byte[] bytes) {
        try {
            return new Given(version, Json.MAPPER.readValue(bytes, NUMBERS));
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read a sender's reactions; the view's store is damaged", e);
        }
    }
}
