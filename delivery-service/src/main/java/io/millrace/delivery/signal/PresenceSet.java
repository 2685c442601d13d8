package io.millrace.delivery.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.record.PresenceRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The members of one room (ROOM-1): a member is present while any of its connections counts. */
final class PresenceSet {
    private static final Comparator<Member> OLDEST_FIRST = Comparator.comparing(Member::since).thenComparing(Member::name);

    private final Map<String, PresenceRecord> byConnection = new HashMap<>();

    boolean knows(String connection) {
        return byConnection.containsKey(connection);
    }

    void put(PresenceRecord record) {
        byConnection.put(record.connection(), record);
    }

    boolean remove(String connection) {
        return byConnection.remove(connection) != null;
    }

    Collection<PresenceRecord> records() {
        return byConnection.values();
    }

    boolean isEmpty() {
        return byConnection.isEmpty();
    }

    int clear() {
        int cleared = byConnection.size();
        byConnection.clear();
        return cleared;
    }

    /** Who is present at that moment, who came first first. */
    List<Member> present(Liveness liveness, Instant now) {
        Map<String, Member> members = new HashMap<>();
        for (PresenceRecord record : byConnection.values()) {
            if (liveness.counts(record, now)) {
                members.merge(record.member(), Member.of(record), Member::and);
            }
        }
        return members.values().stream().sorted(OLDEST_FIRST).toList();
    }

    /** A member by its connections together: what it said last counts, by a live connection rather than by a lost one. */
    record Member(String name, JsonNode data, Instant since, boolean lost, Instant at) {
        static Member of(PresenceRecord record) {
            return new Member(record.member(), record.data(), record.since(), record.isLost(), record.at());
        }

        Member and(Member other) {
            Member speaks = lost == other.lost ? at.isBefore(other.at) ? other : this : lost ? other : this;
            return new Member(name, speaks.data, since.isBefore(other.since) ? since : other.since, speaks.lost, speaks.at);
        }
    }
}
