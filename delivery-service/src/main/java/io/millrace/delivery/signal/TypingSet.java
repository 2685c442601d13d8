package io.millrace.delivery.signal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who types in one room (ROOM-2), by connection; at most so many connections. */
final class TypingSet {
    private final int limit;
    private final Map<Hand, Instant> until = new LinkedHashMap<>();

    TypingSet(int limit) {
        this.limit = limit;
    }

    /** False when too many type already. */
    boolean types(String member, String connection, Instant lasts) {
        var hand = new Hand(member, connection);
        if (until.size() >= limit && !until.containsKey(hand)) {
            return false;
        }
        until.put(hand, lasts);
        return true;
    }

    void stops(String member, String connection) {
        until.remove(new Hand(member, connection));
    }

    boolean isEmpty() {
        return until.isEmpty();
    }

    /** Who types at that moment, who began first first; whose last heartbeat is too old is forgotten. */
    List<String> members(Instant now) {
        until.values().removeIf(end -> !end.isAfter(now));
        return until.keySet().stream().map(Hand::member).distinct().toList();
    }

    private record Hand(String member, String connection) {
    }
}
