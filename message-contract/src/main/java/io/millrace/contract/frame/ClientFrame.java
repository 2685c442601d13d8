package io.millrace.contract.frame;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.Names;
import java.util.List;

/**
 * What a client may say, one record per {@code op} (DEL-1). A {@code ref} is a whole number or a short string; it comes back
 * in the reply. Constructors reject what must not exist with {@link InvalidMessage}.
 */
public sealed interface ClientFrame {
    JsonNode ref();

    record Send(JsonNode ref, Message message) implements ClientFrame {
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

    record Subscribe(JsonNode ref, String room, String cursor) implements ClientFrame {
        public Subscribe {
            Names.room(room);
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

    /** Read position, presence, typing and room reactions (ROOM-1..5): {@code op} says which; the body is read by who serves it. */
    record RoomSignal(JsonNode ref, String op, String room, JsonNode body) implements ClientFrame {
        public RoomSignal {
            Names.room(room);
        }
    }
}
