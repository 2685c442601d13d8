package io.millrace.delivery.room;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of a room's log as the history view answers it ({@link io.millrace.contract.history.LogAnswer}). Entries are cut out of its JSON, not
 * parsed: a replay says what the log says, and costs little.
 */
public record LogPage(String epoch, long headSeq, long oldestSeq, List<Item> items) {

    /** An entry with its seq, the offset of its record, and its JSON on one line. */
    public record Item(long seq, long offset, byte[] json) {
    }

    public static LogPage read(byte[] answer) throws IOException {
        try (JsonParser json = Json.MAPPER.createParser(answer)) {
            return read(json, answer);
        }
    }

    private static LogPage read(JsonParser json, byte[] answer) throws IOException {
        String epoch = null;
        long headSeq = 0;
        long oldestSeq = 0;
        List<Item> items = List.of();
        JsonSlice.require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "epoch" -> epoch = json.getValueAsString();
                case "headSeq" -> headSeq = json.getLongValue();
                case "oldestSeq" -> oldestSeq = json.getLongValue();
                case "items" -> items = items(json, answer);
                default -> json.skipChildren();
            }
        }
        return new LogPage(epoch, headSeq, oldestSeq, items);
    }

    private static List<Item> items(JsonParser json, byte[] answer) throws IOException {
        List<Item> items = new ArrayList<>();
        JsonSlice.require(json.currentToken() == JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.START_OBJECT) {
            items.add(item(json, answer));
        }
        return items;
    }

    private static Item item(JsonParser json, byte[] answer) throws IOException {
        long seq = 0;
        long offset = -1;
        byte[] entry = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "seq" -> seq = json.getLongValue();
                case "offset" -> offset = json.getLongValue();
                case "entry" -> entry = JsonSlice.object(json, answer);
                default -> json.skipChildren();
            }
        }
        JsonSlice.require(seq > 0 && offset >= 0 && entry != null);
        return new Item(seq, offset, entry);
    }
}
