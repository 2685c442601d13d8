package io.millrace.contract.frame;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a client is told of a room's members (ROOM-1). */
public enum PresenceEvent {
    /** The whole set. */
    @JsonProperty("present") PRESENT,
    @JsonProperty("enter") ENTER,
    @JsonProperty("update") UPDATE,
    @JsonProperty("leave") LEAVE
}
