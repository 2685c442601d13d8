package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this pod wants the topic to say of its own connections, against what it reads there. What is not so after a while is due to be written
 * again, whatever came between: a write that failed, Kafka away, another pod that took this one for dead. Each version has an {@code at} of its own.
 */
final class OwnRecords {
    /** The topic forgets what nobody has said for its retention. */
    private static final Duration REFRESH = Duration.ofHours(6);

    private final Duration window;
    private final Duration retryAfter;
    private final Map<String, Own> all = new HashMap<>();

    OwnRecords(Duration window, Duration retryAfter) {
        this.window = window;
        this.retryAfter = retryAfter;
    }

    /** The newest version of what is wanted; null when nothing is, or was taken back. */
    PresenceRecord wanted(String key) {
        Own own = all.get(key);
        return own == null ? null : own.record;
    }

    /** Wants the record, or with null that there is none; returns what to write now. */
    Write want(String key, PresenceRecord record, Instant now) {
        Own own = all.computeIfAbsent(key, any -> new Own());
        own.record = record == null ? null : record.at(own.next(now));
        own.confirmed = false;
        own.writtenAt = now;
        return new Write(key, own.record);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The topic will be read from its beginning: what it does not say then is said again. */
    void doubt() {
        all.values().forEach(own -> own.confirmed = false);
    }

    /** What the topic says of the key now; null: nothing. */
    void seen(String key, PresenceRecord record) {
        Own own = all.get(key);
        if (own == null) {
            return;
        }
        if (record == null && (own.record == null || own.record.isLost())) {
            all.remove(key); // gone as wanted, or given up by the member on another connection
        } else {
            own.confirmed = record != null && own.record != null && record.at().equals(own.record.at());
        }
    }

    /** What to write now: what is not confirmed, what has not been said for long, and the end of those whose window has passed. */
    List<Write> due(Instant now) {
        List<Write> due = new ArrayList<>();
        all.forEach((key, own) -> {
            if (own.record != null && own.record.isLost() && !own.record.lostAt().plus(window).isAfter(now)) {
                own.record = null;
                own.confirmed = false;
                own.writtenAt = Instant.MIN;
            }
            if (!own.writtenAt.isAfter(now.minus(own.confirmed ? REFRESH : retryAfter))) {
                own.writtenAt = now;
                due.add(new Write(key, own.record));
            }
        });
        return due;
    }

    /** {@code record} null takes back what the key said. */
    record Write(String key, PresenceRecord record) {
    }

    private static final class Own {
        private PresenceRecord record;
        private boolean confirmed;
        private Instant writtenAt = Instant.MIN;
        private Instant lastVersion = Instant.MIN;

        private Instant next(Instant now) {
            lastVersion = now.isAfter(lastVersion) ? now : lastVersion.plusMillis(1);
            return lastVersion;
        }
    }
}
