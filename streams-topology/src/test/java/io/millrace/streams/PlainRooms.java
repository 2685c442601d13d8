package io.millrace.streams;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.AcceptedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SYN-2, LOG-1, LOG-3 in the plainest words: what becomes of messages whose turn has come, in the order in which it came. */
final class PlainRooms {
    private final Map<String, List<String>> rooms = new HashMap<>();
    private final Map<String, String> authors = new HashMap<>();
    private final Map<String, String> outcomes = new HashMap<>();

    /** The names of each room's entries, in order. */
    Map<String, List<String>> rooms() {
        return rooms;
    }

    /** {@code synced} or the code of the failure, by message. */
    Map<String, String> outcomes() {
        return outcomes;
    }

    static String name(String sender, String room, String id) {
        return sender + "/" + room + "/" + id;
    }

    static String name(AcceptedMessage accepted) {
        return name(accepted.sender(), accepted.message().room(), accepted.message().id());
    }

    PlainRooms take(AcceptedMessage accepted, ErrorCode failure) {
        if (!outcomes.containsKey(name(accepted))) {
            var objection = failure == null ? objection(accepted) : failure;
            outcomes.put(name(accepted), objection == null ? "synced" : objection.name());
            if (objection == null) {
                append(accepted);
            }
        }
        return this;
    }

    private ErrorCode objection(AcceptedMessage accepted) {
        var message = accepted.message();
        if (message.action() == Action.CREATE) {
            return null;
        }
        var author = authors.get(message.room() + " " + message.target());
        if (author == null) {
            return ErrorCode.TARGET_UNKNOWN;
        }
        return author.equals(accepted.sender()) || accepted.moderator() || message.action().isReaction() ? null : ErrorCode.FORBIDDEN;
    }

    private void append(AcceptedMessage accepted) {
        var room = rooms.computeIfAbsent(accepted.message().room(), name -> new ArrayList<>());
        room.add(name(accepted));
        if (accepted.message().action() == Action.CREATE) {
            authors.put(accepted.message().room() + " " + room.size(), accepted.sender());
        }
    }
}
