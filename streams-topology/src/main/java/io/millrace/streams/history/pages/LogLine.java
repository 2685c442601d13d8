package io.millrace.streams.history.pages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.Entry;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A record of the room log as the view keeps it: {@code entry} is the entry's JSON byte for byte as it came, so that what a newer
 * sequencer says survives an older view. {@code atMillis} is the entry's time of acceptance; {@code action} and {@code target} say what it
 * does to which message.
 */
public record LogLine(String room, String epoch, long seq, long atMillis, Action action, Long target, byte[] entry) {
    private static final ObjectReader ENTRY = Json.MAPPER.readerFor(Entry.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public LogLine {
        requireName("room", room);
        requireName("epoch", epoch);
        if (seq < 1) {
            throw new IllegalArgumentException("seq must be at least 1");
        }
        if (entry == null) {
            throw new IllegalArgumentException("entry is missing");
        }
    }

    /** One pass over {@code value}; throws {@link Unreadable} for whatever is no record of the room log. */
    public static LogLine read(byte[] value) {
        if (value == null) {
            throw new Unreadable("it has no value", null);
        }
        try (var parser = Json.MAPPER.getFactory().createParser(value)) {
            return read(parser, value);
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new Unreadable("it is no LogRecord", e);
        }
    }

    /** The line as it was when it was kept. */
    static LogLine of(String room, Kept kept) {
        var said = said(kept.json());
        return new LogLine(room, kept.epoch(), kept.seq(), kept.atMillis(), said.action(), said.target(), kept.json());
    }

    /** The entry, decoded anew. */
    Entry said() {
        return said(entry);
    }

    private static Entry said(byte[] entry) {
        try {
            return ENTRY.readValue(entry);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read an entry that was read before", e);
        }
    }

    private static LogLine read(JsonParser parser, byte[] value) throws IOException {
        String room = null;
        String epoch = null;
        long seq = 0;
        Entry said = null;
        byte[] entry = null;
        expect(parser.nextToken() == JsonToken.START_OBJECT, "it is no object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "room" -> room = parser.getText();
                case "epoch" -> epoch = parser.getText();
                case "seq" -> seq = parser.getLongValue();
                case "entry" -> {
                    var start = (int) parser.currentTokenLocation().getByteOffset();
                    said = entry(parser);
                    entry = Arrays.copyOfRange(value, start, (int) parser.currentLocation().getByteOffset());
                }
                default -> parser.skipChildren();
            }
        }
        expect(parser.nextToken() == null, "something follows the object");
        expect(said != null, "entry is missing");
        return new LogLine(room, epoch, seq, said.at().toEpochMilli(), said.action(), said.target(), entry);
    }

    /** Decoded for what it does and when, and to be sure that those who are served it can. */
    private static Entry entry(JsonParser parser) throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "entry is no object");
        Entry entry = ENTRY.readValue(parser);
        expect(entry.at() != null, "entry has no time of acceptance");
        return entry;
    }

    private static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static void requireName(String field, String value) {
        expect(value != null && !value.isEmpty() && value.indexOf('\0') < 0, field + " is missing or no name");
    }

    /** What stands on the room log but cannot be read; its content stays out of the message (SEC-5). */
    public static final class Unreadable extends RuntimeException {
        public Unreadable(String reason, Exception cause) {
            super("unable to read a record of the room log; " + reason, cause);
        }
    }
}
