package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which read positions of a partition are known, the one changed longest ago first; at most so many. */
final class Positions {
    private final int limit;
    private final Map<String, PresenceRecord> byKey = new LinkedHashMap<>();

    Positions(int limit) {
        this.limit = limit;
    }

    /** Returns the one that had to make room; null if none had to. */
    PresenceRecord put(PresenceRecord position) {
        byKey.remove(position.key());
        byKey.put(position.key(), position);
        if (byKey.size() <= limit) {
            return null;
        }
        var oldest = byKey.values().iterator();
        PresenceRecord forgotten = oldest.next();
        oldest.remove();
        return forgotten;
    }

    void remove(String key) {
        byKey.remove(key);
    }

    void clear() {
        byKey.clear();
    }
}
