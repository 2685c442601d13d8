package io.millrace.contract.frame;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.InvalidMessage;
import io.millrace.contract.message.Message;
import java.io.IOException;
import java.util.stream.Collectors;

/** Reads one frame, strictly: whatever a peer may send ends as a frame or as a {@link BadFrame} with a code, never as another exception (ING-4). */
public final class FrameReader {
    private static final int MAX_REF = 64;

    private FrameReader() {
    }

    /** Reads the bytes of one frame; the caller has checked their number. */
    public static ClientFrame read(byte[] json) throws BadFrame {
        ObjectNode frame = object(json);
        JsonNode ref = ref(frame);
        String id = frame.path("id").isTextual() ? frame.path("id").textValue() : null;
        JsonNode op = frame.get("op");
        if (op == null || !op.isTextual()) {
            throw new BadFrame(ErrorCode.BAD_FRAME, "unable to read the frame; op must be a string", ref, id);
        }
        try {
            return frame(op.textValue(), ref, frame);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new BadFrame(ErrorCode.INVALID, "unable to " + shown(op.textValue()) + "; " + reason(e), ref, id);
        }
    }

    /** The refusal of a frame of more than {@code limit} bytes; ref and id are found without building the whole of it, where that is possible. */
    public static BadFrame tooLarge(byte[] json, int limit) {
        JsonNode ref = null;
        String id = null;
        try (JsonParser parser = Json.FROM_OUTSIDE.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                    JsonToken value = parser.nextToken();
                    boolean shortText = value == JsonToken.VALUE_STRING && parser.getTextLength() <= MAX_REF;
                    if (field.equals("ref") && value == JsonToken.VALUE_NUMBER_INT) {
                        ref = LongNode.valueOf(parser.getLongValue());
                    } else if (field.equals("ref") && shortText) {
                        ref = TextNode.valueOf(parser.getText());
                    } else if (field.equals("id") && shortText) {
                        id = parser.getText();
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        } catch (IOException e) {
            // whatever was found before the frame broke is all its sender can be told
        }
        return new BadFrame(ErrorCode.TOO_LARGE, "unable to read the frame; it is longer than " + limit + " bytes", ref, id);
    }

    /** Reads the body of an HTTP request that sends a message: the frame without its {@code op}; {@code room} comes from the path. */
    public static Message readMessage(byte[] json, String room) throws BadFrame {
        ObjectNode body = object(json);
        String id = body.path("id").isTextual() ? body.path("id").textValue() : null;
        if (body.hasNonNull("room") && !room.equals(body.path("room").asText())) {
            throw new BadFrame(ErrorCode.INVALID, "unable to send; room differs from the path", null, id);
        }
        try {
            return Json.FROM_OUTSIDE.treeToValue(body.put("room", room), Message.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new BadFrame(ErrorCode.INVALID, "unable to send; " + reason(e), null, id);
        }
    }

    private static ClientFrame frame(String op, JsonNode ref, ObjectNode frame) throws JsonProcessingException, BadFrame {
        return switch (op) {
            case "send" -> new ClientFrame.Send(ref, Json.FROM_OUTSIDE.treeToValue(frame, Message.class), frame.path("traceparent").textValue());
            case "auth" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Auth.class);
            case "ping" -> new ClientFrame.Ping(ref);
            case "subscribe" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Subscribe.class);
            case "unsubscribe" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Unsubscribe.class);
            case "history" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.History.class);
            case "sync.get" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.SyncGet.class);
            case "presence" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Presence.class);
            case "typing" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Typing.class);
            case "reaction" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Reaction.class);
            case "read" -> Json.FROM_OUTSIDE.treeToValue(frame, ClientFrame.Read.class);
            default -> throw new BadFrame(ErrorCode.BAD_FRAME, "unable to read the frame; op " + shown(op) + " is unknown", ref, null);
        };
    }

    private static ObjectNode object(byte[] json) throws BadFrame {
        try {
            if (Json.FROM_OUTSIDE.readTree(json) instanceof ObjectNode object) {
                return object;
            }
            throw new BadFrame(ErrorCode.BAD_FRAME, "unable to read the frame; it is not a JSON object", null, null);
        } catch (StreamConstraintsException e) {
            throw new BadFrame(ErrorCode.BAD_FRAME, "unable to read the frame; it is nested or spelled out beyond the limits", null, null);
        } catch (IOException e) {
            throw new BadFrame(ErrorCode.BAD_FRAME, "unable to read the frame; it is not JSON", null, null);
        }
    }

    private static JsonNode ref(ObjectNode frame) throws BadFrame {
        JsonNode ref = frame.get("ref");
        if (ref == null || ref.isNull()) {
            frame.remove("ref");
            return null;
        }
        boolean fits = ref.isIntegralNumber() && ref.canConvertToLong() || ref.isTextual() && ref.textValue().length() <= MAX_REF;
        if (!fits) {
            throw new BadFrame(ErrorCode.INVALID, "unable to read the frame; ref must be a whole number or a string of at most " + MAX_REF, null, null);
        }
        return ref;
    }

    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidMessage invalid) {
                return invalid.getMessage();
            }
        }
        return e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty() ? path(mapping) + " has the wrong type or value" : "a field has the wrong type";
    }

    private static String path(JsonMappingException mapping) {
        return mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String shown(String op) {
        return op.length() <= 32 && op.chars().allMatch(c -> c > ' ' && c < 127) ? op : "?";
    }
}
