package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Until when a record counts: as long as its pod gives signs of life, and for the recovery window after the last one, or after its connection dropped (ROOM-1). */
final class Liveness {
    private final String ownPod;
    private final Duration window;
    private final Map<String, Instant> heard = new HashMap<>();

    Liveness(String ownPod, Duration window) {
        this.ownPod = ownPod;
        this.window = window;
    }

    void heard(String pod, Instant at) {
        heard.merge(pod, at, (one, other) -> one.isAfter(other) ? one : other);
    }

    void forget(String pod) {
        heard.remove(pod);
    }

    void clear() {
        heard.clear();
    }

    Map<String, Instant> lastSigns() {
        return Map.copyOf(heard);
    }

    boolean counts(PresenceRecord record, Instant now) {
        return goneAt(record).isAfter(now);
    }

    Instant goneAt(PresenceRecord record) {
        if (record.isLost()) {
            return record.lostAt().plus(window);
        }
        if (record.pod().equals(ownPod)) {
            return Instant.MAX;
        }
        Instant sign = heard.getOrDefault(record.pod(), record.at());
        return (sign.isAfter(record.at()) ? sign : record.at()).plus(window);
    }
}
