package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.InvalidMessage;
import java.time.Instant;

/**
 * What is true of a room until it is said otherwise (ROOM-1, ROOM-4, ROOM-5), and which pod says so. The topic is compacted by {@link #key()};
 * a record without value takes back what its key said. Partition: the room's; a pod's sign of life stands in each partition it speaks in.
 */
public record PresenceRecord(Kind kind, String pod, String room, String member, String connection, JsonNode data, Integer connections, String epoch, Long seq,
                             Instant since, Instant lostAt, Instant at) {
    public PresenceRecord {
        if (kind == null || pod == null || at == null || (kind != Kind.POD && room == null) || !kind.isWhole(member, connection, connections, epoch, seq, since)) {
            throw new InvalidMessage("a presence record needs kind, pod, at and what its kind demands");
        }
    }

    /** The member is present by this connection. */
    public static PresenceRecord member(String pod, String room, String member, String connection, JsonNode data, Instant since, Instant at) {
        return new PresenceRecord(Kind.MEMBER, pod, room, member, connection, data, null, null, null, since, null, at);
    }

    public static PresenceRecord connections(String pod, String room, int connections, Instant at) {
        return new PresenceRecord(Kind.CONNECTIONS, pod, room, null, null, null, connections, null, null, null, null, at);
    }

    public static PresenceRecord read(String pod, String room, String member, String epoch, long seq, Instant at) {
        return new PresenceRecord(Kind.READ, pod, room, member, null, null, null, epoch, seq, null, null, at);
    }

    public static PresenceRecord alive(String pod, Instant at) {
        return new PresenceRecord(Kind.POD, pod, null, null, null, null, null, null, null, null, null, at);
    }

    /** The connection dropped without leaving: the member stays for the recovery window. */
    public PresenceRecord lost(Instant when) {
        return new PresenceRecord(kind, pod, room, member, connection, data, connections, epoch, seq, since, when, when);
    }

    public PresenceRecord at(Instant newer) {
        return new PresenceRecord(kind, pod, room, member, connection, data, connections, epoch, seq, since, lostAt, newer);
    }

    @JsonIgnore
    public boolean isLost() {
        return lostAt != null;
    }

    /** A room's name has no slash, so keys of different rooms differ; a member's name may have any character and comes last. */
    public String key() {
        return switch (kind) {
            case MEMBER -> room + "/member/" + connection;
            case CONNECTIONS -> room + "/connections/" + pod;
            case READ -> room + "/read/" + member;
            case POD -> "/pod/" + pod;
        };
    }

    /** What a record says. */
    public enum Kind {
        @JsonProperty("member") MEMBER,
        @JsonProperty("connections") CONNECTIONS,
        @JsonProperty("read") READ,
        @JsonProperty("pod") POD;

        private boolean isWhole(String member, String connection, Integer connections, String epoch, Long seq, Instant since) {
            return switch (this) {
                case MEMBER -> member != null && connection != null && since != null;
                case CONNECTIONS -> connections != null;
                case READ -> member != null && epoch != null && seq != null;
                case POD -> true;
            };
        }
    }
}
