package io.millrace.contract.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * A message as its client wrote it (MSG-3). {@code laneSeq} is null only over HTTP, where arrival order counts (ING-1);
 * {@code target} is the seq of the create entry that an edit, delete or reaction changes (MSG-4).
 */
public record Message(String id, String room, String session, Long laneSeq, Action action, MessageType type, String text, JsonNode data,
                      List<AttachmentRef> attachments, JsonNode metadata, String replyTo, Long target, Instant createdAt) {
    private static final int MAX_ATTACHMENTS = 32;

    public Message {
        Names.messageId(id);
        Names.room(room);
        Names.session(session);
        require(laneSeq == null || laneSeq >= 1, "laneSeq must be at least 1");
        action = action == null ? Action.CREATE : action;
        require(type != null, "type is missing");
        require(text == null || Surrogates.paired(text), "text holds half a surrogate pair");
        require(data == null || data.isObject(), "data must be an object");
        require(metadata == null || metadata.isObject(), "metadata must be an object");
        attachments = attachments == null || attachments.isEmpty() ? null : List.copyOf(attachments);
        require(attachments == null || attachments.size() <= MAX_ATTACHMENTS, "attachments must be at most " + MAX_ATTACHMENTS);
        require(action.needsTarget() == (target != null), action.needsTarget() ? "target is missing" : "message.create takes no target");
        require(target == null || target >= 1, "target must be at least 1");
        if (replyTo != null) {
            Names.messageId(replyTo);
        }
        requireContent(action, type, text, data, attachments);
    }

    @JsonIgnore
    public Lane lane() {
        return type.lane();
    }

    /** The same message with other content; null keeps what was there. Throws {@link InvalidMessage} where the result must not exist. */
    public Message withContent(String newText, JsonNode newData, JsonNode newMetadata) {
        return new Message(id, room, session, laneSeq, action, type, newText == null ? text : newText, newData == null ? data : newData,
                attachments, newMetadata == null ? metadata : newMetadata, replyTo, target, createdAt);
    }

    private static void requireContent(Action action, MessageType type, String text, JsonNode data, List<AttachmentRef> attachments) {
        if (action.isReaction()) {
            require(data != null && data.path("name").isTextual() && !data.path("name").textValue().isEmpty(), "a reaction needs data.name");
            require(data.path("kind").isMissingNode() || ReactionKind.isKnown(data.path("kind").asText()), "data.kind must be unique, distinct or multiple");
        } else if (action != Action.DELETE) {
            require(type != MessageType.TEXT || text != null, "a text message needs text");
            require(type != MessageType.CUSTOM || data != null, "a custom message needs data");
        }
        require(attachments == null || type.lane() == Lane.MEDIA, "attachments need a type of the media lane");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvalidMessage(otherwise);
        }
    }
}
