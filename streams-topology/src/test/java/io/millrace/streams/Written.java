package io.millrace.streams;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.AttachmentRef;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import java.time.Instant;
import java.util.List;

/** Messages as tests write them: {@code Written.by("ana").in("lobby").id("m1").laneSeq(1).accepted()}. */
public record Written(String sender, String room, String session, String id, Long laneSeq, MessageType type, Action action, Long target,
                      boolean moderator, Instant at, List<String> attachments) {
    public static final Instant START = Instant.parse("2026-11-22T05:00:00Z");

    public static Written by(String sender) {
        return new Written(sender, "lobby", "s1", "m1", 1L, MessageType.TEXT, Action.CREATE, null, false, START, List.of());
    }

    public Written from(String changed) {
        return new Written(changed, room, session, id, laneSeq, type, action, target, moderator, at, attachments);
    }

    public Written in(String changed) {
        return new Written(sender, changed, session, id, laneSeq, type, action, target, moderator, at, attachments);
    }

    public Written session(String changed) {
        return new Written(sender, room, changed, id, laneSeq, type, action, target, moderator, at, attachments);
    }

    public Written id(String changed) {
        return new Written(sender, room, session, changed, laneSeq, type, action, target, moderator, at, attachments);
    }

    public Written laneSeq(long changed) {
        return new Written(sender, room, session, id, changed, type, action, target, moderator, at, attachments);
    }

    public Written byArrival() {
        return new Written(sender, room, session, id, null, type, action, target, moderator, at, attachments);
    }

    /** The laneSeq, and an id that says it. */
    public Written nth(long changed) {
        return laneSeq(changed).id("m" + changed);
    }

    public Written type(MessageType changed) {
        return new Written(sender, room, session, id, laneSeq, changed, action, target, moderator, at, attachments);
    }

    public Written changing(Action changed, long seq) {
        return new Written(sender, room, session, id, laneSeq, type, changed, seq, moderator, at, attachments);
    }

    public Written asModerator() {
        return new Written(sender, room, session, id, laneSeq, type, action, target, true, at, attachments);
    }

    public Written at(Instant changed) {
        return new Written(sender, room, session, id, laneSeq, type, action, target, moderator, changed, attachments);
    }

    public Written with(String... changed) {
        return new Written(sender, room, session, id, laneSeq, MessageType.IMAGE, action, target, moderator, at, List.of(changed));
    }

    public AcceptedMessage accepted() {
        var text = type == MessageType.TEXT && action != Action.DELETE ? "text of " + id : null;
        var data = action.isReaction() ? JsonNodeFactory.instance.objectNode().put("name", "like") : null;
        return new AcceptedMessage(sender, at, moderator, new Message(id, room, session, laneSeq, action, type, text, data,
                attachments.stream().map(attachment -> new AttachmentRef(attachment, null)).toList(), null, null, target, null));
    }
}
