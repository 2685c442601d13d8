package io.millrace.delivery.room;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.contract.json.Json;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import java.io.IOException;
import java.util.Optional;

/** Turns log records and history items into entries. A record's entry is cut out of its JSON, not parsed: readers see what the log says. */
final class EntryReader {
    private EntryReader() {
    }

    /** Empty for a value that is no log record. */
    static Optional<LoggedEntry> read(byte[] value, long offset, int leaderEpoch, LogFacts log) {
        if (value == null) {
            return Optional.empty();
        }
        try (JsonParser json = Json.MAPPER.createParser(value)) {
            return Optional.of(read(json, value, offset, leaderEpoch, log));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<LoggedEntry> read(LogScan.Found found, LogFacts log) {
        return read(found.value(), found.offset(), found.leaderEpoch(), log);
    }

    static LoggedEntry read(String room, String epoch, LogPage.Item item, LogFacts log) {
        return new LoggedEntry(room, new Position(epoch, item.seq()), item.offset(), log.leaderEpoch(), item.json(), log);
    }

    private static LoggedEntry read(JsonParser json, byte[] value, long offset, int leaderEpoch, LogFacts log) throws IOException {
        String room = null;
        String epoch = null;
        long seq = 0;
        byte[] entry = null;
        JsonSlice.require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "room" -> room = json.getText();
                case "epoch" -> epoch = json.getText();
                case "seq" -> seq = json.getLongValue();
                case "entry" -> entry = JsonSlice.object(json, value);
                default -> json.skipChildren();
            }
        }
        JsonSlice.require(room != null && epoch != null && seq > 0 && entry != null);
        return new LoggedEntry(room, new Position(epoch, seq), offset, leaderEpoch, entry, log);
    }
}
