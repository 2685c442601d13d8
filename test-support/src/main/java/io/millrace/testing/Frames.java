package io.millrace.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.json.Json;

/** Client frames for tests, ready to be changed into whatever a test needs. */
public final class Frames {
    private Frames() {
    }

    public static ObjectNode of(String op) {
        return Json.MAPPER.createObjectNode().put("op", op);
    }

    public static ObjectNode of(String op, long ref) {
        return of(op).put("ref", ref);
    }

    /** A text message; its laneSeq is also its ref. */
    public static ObjectNode text(String id, String room, String session, long laneSeq, String text) {
        return of("send", laneSeq).setAll(message(id, room, session, text).put("laneSeq", laneSeq));
    }

    /** A media message without attachments; its laneSeq is also its ref. */
    public static ObjectNode image(String id, String room, String session, long laneSeq) {
        return of("send", laneSeq).setAll(message(id, room, session, null).put("type", "image").put("laneSeq", laneSeq));
    }

    /** A text message as HTTP takes it: without op, ref and laneSeq. */
    public static ObjectNode message(String id, String room, String session, String text) {
        var message = Json.MAPPER.createObjectNode().put("id", id).put("room", room).put("session", session)
                .put("action", "message.create").put("type", "text").put("createdAt", "2026-11-22T05:00:00Z");
        return text == null ? message : message.put("text", text);
    }

    public static ObjectNode auth(long ref, String token) {
        return of("auth", ref).put("token", token);
    }

    public static ObjectNode ping(long ref) {
        return of("ping", ref);
    }
}
