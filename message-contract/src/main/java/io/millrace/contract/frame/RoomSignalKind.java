package io.millrace.contract.frame;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens in a room beside its log (ROOM-1..5), each told in frames of that {@code op}. */
public enum RoomSignalKind {
    @JsonProperty("presence") PRESENCE,
    @JsonProperty("typing") TYPING,
    @JsonProperty("reaction") REACTION,
    @JsonProperty("occupancy") OCCUPANCY,
    @JsonProperty("read") READ
}
