package io.millrace.contract.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.contract.message.InvalidMessage;
import java.time.Instant;

/** What is true for a moment only: someone types ({@code active}) or reacts ({@code name}) in a room (ROOM-2, ROOM-3). Key: room. */
public record SignalRecord(Kind kind, String room, String member, String connection, Boolean active, String name, Instant at) {
    public SignalRecord {
        if (kind == null || room == null || member == null || connection == null || at == null || (kind == Kind.TYPING ? active == null : name == null)) {
            throw new InvalidMessage("a signal needs kind, room, member, connection, at and either active or name");
        }
    }

    public static SignalRecord typing(String room, String member, String connection, boolean active, Instant at) {
        return new SignalRecord(Kind.TYPING, room, member, connection, active, null, at);
    }

    public static SignalRecord reaction(String room, String member, String connection, String name, Instant at) {
        return new SignalRecord(Kind.REACTION, room, member, connection, null, name, at);
    }

    /** What the member does. */
    public enum Kind {
        @JsonProperty("typing") TYPING,
        @JsonProperty("reaction") REACTION
    }
}
