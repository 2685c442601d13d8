package io.millrace.contract.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a message is; the type alone decides its lane (MSG-1). */
public enum MessageType {
    @JsonProperty("text") TEXT(Lane.TEXT),
    @JsonProperty("custom") CUSTOM(Lane.TEXT),
    @JsonProperty("image") IMAGE(Lane.MEDIA),
    @JsonProperty("file") FILE(Lane.MEDIA),
    @JsonProperty("audio") AUDIO(Lane.MEDIA),
    @JsonProperty("video") VIDEO(Lane.MEDIA);

    private final Lane lane;

    MessageType(Lane lane) {
        this.lane = lane;
    }

    public Lane lane() {
        return lane;
    }
}
