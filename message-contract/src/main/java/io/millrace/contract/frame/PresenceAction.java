package io.millrace.contract.frame;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a client does to its own presence (ROOM-1). */
public enum PresenceAction {
    @JsonProperty("enter") ENTER,
    @JsonProperty("update") UPDATE,
    @JsonProperty("leave") LEAVE
}
