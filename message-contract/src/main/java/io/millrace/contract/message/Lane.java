package io.millrace.contract.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The unit of causal order: within one session each lane counts its own laneSeq (MSG-1, SYN-1). */
public enum Lane {
    @JsonProperty("text") TEXT("text"),
    @JsonProperty("media") MEDIA("media");

    private final String wireName;

    Lane(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
