package io.millrace.streams.history.pages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** A create entry with the content of its last edit, or without any content when it was deleted (HIS-3). Pure. */
record AppliedChange(Kept create, Kept content, MessageState state) {
    /** What an edit replaces as a whole, since it carries the whole new version (LOG-2). */
    private static final List<String> CONTENT = List.of("text", "data", "attachments", "metadata");
    /** What is left of a deleted message: who wrote it and where it stood. */
    private static final List<String> IDENTITY = List.of("action", "type", "sender", "id", "session", "laneSeq", "replyTo", "createdAt", "at");

    /** The entry's JSON; byte for byte the log's when nothing was changed. */
    byte[] entry() {
        if (!state.isChanged()) {
            return create.json();
        }
        var entry = read(create);
        if (state.deleted()) {
            entry.retain(IDENTITY);
        } else {
            var edit = read(content);
            entry.remove(CONTENT);
            CONTENT.stream().filter(edit::hasNonNull).forEach(field -> entry.set(field, edit.get(field)));
        }
        return Json.bytes(entry);
    }

    LogAnswer.Latest latest() {
        var reactions = state.reactions().byName().isEmpty() ? null : state.reactions().byName();
        if (!state.isChanged()) {
            return new LogAnswer.Latest(state.version(), null, null, reactions);
        }
        var change = new LogAnswer.Changed(content.seq(), read(content).path("sender").asText(), Instant.ofEpochMilli(content.atMillis()));
        return new LogAnswer.Latest(state.version(), state.deleted() ? Boolean.TRUE : null, change, reactions);
    }

    private static ObjectNode read(Kept kept) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(kept.json());
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read an entry of the history view; its store is damaged", e);
        }
    }
}
