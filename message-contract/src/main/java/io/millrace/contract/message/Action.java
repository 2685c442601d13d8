package io.millrace.contract.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a message does to the room's log (MSG-4). */
public enum Action {
    @JsonProperty("message.create") CREATE,
    @JsonProperty("message.update") UPDATE,
    @JsonProperty("message.delete") DELETE,
    @JsonProperty("reaction.add") REACTION_ADD,
    @JsonProperty("reaction.remove") REACTION_REMOVE;

    /** All but create carry {@code target}, the seq of the create entry they change. */
    public boolean needsTarget() {
        return this != CREATE;
    }

    public boolean isReaction() {
        return this == REACTION_ADD || this == REACTION_REMOVE;
    }
}
