package io.millrace.contract.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.AttachmentRef;
import io.millrace.contract.message.MessageType;
import java.time.Instant;
import java.util.List;

/** What clients get of a log record: the whole new state of what it changes (LOG-0, LOG-2). {@code at} is the time of acceptance. */
public record Entry(Action action, MessageType type, String sender, String id, String session, Long laneSeq, Long target, String text,
                    JsonNode data, List<AttachmentRef> attachments, JsonNode metadata, String replyTo, Instant createdAt, Instant at) {
    public static Entry of(AcceptedMessage accepted) {
        var message = accepted.message();
        return new Entry(message.action(), message.type(), accepted.sender(), message.id(), message.session(), message.laneSeq(), message.target(),
                message.text(), message.data(), message.attachments(), message.metadata(), message.replyTo(), message.createdAt(), accepted.at());
    }
}
