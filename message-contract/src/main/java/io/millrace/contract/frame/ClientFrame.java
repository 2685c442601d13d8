package io.millrace.contract.frame;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.Names;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a client may say, one record per {@code op} (DEL-1). A {@code ref} is a whole number or a short string; it comes back
 * in the reply. Constructors reject what must not exist with {@link InvalidMessage}.
 */
public sealed interface ClientFrame {
    JsonNode ref();

    /** {@code traceparent} is the W3C trace context of what sends it, unread; null: none. */
    record Send(JsonNode ref, Message message, String traceparent) implements ClientFrame {
    }

    record Auth(JsonNode ref, String token) implements ClientFrame {
        public Auth {
            if (token == null) {
                throw new InvalidMessage("token is missing");
            }
        }

        @Override
        public String toString() {
            return "Auth[ref=" + ref + "]"; // SEC-5: a token never reaches a log
        }
    }

    record Ping(JsonNode ref) implements ClientFrame {
    }

    /** {@code signals}: what of ROOM-1..5 the client wants to be told; without it everything, empty: nothing. */
    record Subscribe(JsonNode ref, String room, String cursor, Set<RoomSignalKind> signals) implements ClientFrame {
        public Subscribe {
            Names.room(room);
            signals = signals == null ? EnumSet.allOf(RoomSignalKind.class) : Collections.unmodifiableSet(signals);
        }
    }

    record Unsubscribe(JsonNode ref, String room) implements ClientFrame {
        public Unsubscribe {
            Names.room(room);
        }
    }

    /** {@code before} and {@code after} are seqs, exclusive; with neither, the newest page (HIS-1). */
    record History(JsonNode ref, String room, String epoch, Long before, Long after, Integer limit, HistoryView view) implements ClientFrame {
        public static final int MAX_LIMIT = 1000;
        private static final int DEFAULT_LIMIT = 50;

        public History {
            Names.room(room);
            limit = limit == null ? Integer.valueOf(DEFAULT_LIMIT) : limit;
            view = view == null ? HistoryView.LOG : view;
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new InvalidMessage("limit must be 1 to " + MAX_LIMIT);
            }
            if (before != null && after != null) {
                throw new InvalidMessage("before and after exclude each other");
            }
            if (before != null && before < 1 || after != null && after < 0) {
                throw new InvalidMessage("before must be at least 1, after at least 0");
            }
        }
    }

    record SyncGet(JsonNode ref, List<String> ids) implements ClientFrame {
        public static final int MAX_IDS = 100;

        public SyncGet {
            if (ids == null || ids.isEmpty() || ids.size() > MAX_IDS) {
                throw new InvalidMessage("ids must name 1 to " + MAX_IDS + " messages");
            }
            ids = List.copyOf(ids);
            ids.forEach(Names::messageId);
        }
    }

    /** What a client says in a room beside messages (ROOM-1..5). */
    sealed interface RoomSignal extends ClientFrame {
        String room();
    }

    record Presence(JsonNode ref, String room, PresenceAction action, JsonNode data) implements RoomSignal {
        public static final int MAX_DATA_BYTES = 1024;

        public Presence {
            Names.room(room);
            require(action != null, "action must be enter, update or leave");
            require(data == null || data.isObject(), "data must be an object");
            require(data == null || Json.bytes(data).length <= MAX_DATA_BYTES, "data must be at most " + MAX_DATA_BYTES + " bytes");
        }
    }

    record Typing(JsonNode ref, String room, Boolean active) implements RoomSignal {
        public Typing {
            Names.room(room);
            require(active != null, "active is missing");
        }
    }

    record Reaction(JsonNode ref, String room, String name) implements RoomSignal {
        public Reaction {
            Names.room(room);
            Names.reaction(name);
        }
    }

    record Read(JsonNode ref, String room, Long seq) implements RoomSignal {
        public Read {
            Names.room(room);
            require(seq != null && seq >= 1, "seq must be at least 1");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvalidMessage(otherwise);
        }
    }
}
