package io.millrace.delivery.room;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;

/** Cuts objects out of JSON as they stand there, on one line. */
final class JsonSlice {
    private JsonSlice() {
    }

    /** The object the parser stands at the beginning of; it stands at its end then. */
    static byte[] object(JsonParser json, byte[] all) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT);
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        int to = (int) json.currentLocation().getByteOffset();
        byte[] object = Arrays.copyOfRange(all, from, to);
        return isOneLine(object) ? object : Json.bytes(Json.MAPPER.readTree(object)); // a newline would end the frame (ING-7)
    }

    /** When the entry was accepted. */
    static Instant at(byte[] entry) {
        try {
            return Json.MAPPER.readValue(entry, Entry.class).at();
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read the time of an entry", e);
        }
    }

    static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no log record");
        }
    }

    private static boolean isOneLine(byte[] json) {
        for (byte b : json) {
            if (b == '\n') {
                return false;
            }
        }
        return true;
    }
}
