package io.millrace.streams.history.pages;

import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A page as read; {@link #json()} is a {@link LogAnswer} whose entries are the very bytes of the log, unless something was changed in them. */
public record Page(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, List<Item> items, boolean complete) {
    private static final int ITEM_FRAME = 64;

    public byte[] json() {
        var out = new ByteArrayOutputStream(256 + items.stream().mapToInt(item -> item.json().length + ITEM_FRAME).sum());
        var frame = Json.bytes(new Frame(room, epoch, headSeq, oldestSeq, oldestAt, complete));
        out.write(frame, 0, frame.length - 1); // up to the closing brace
        text(out, ",\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            text(out, (i == 0 ? "" : ",") + "{\"seq\":" + item.seq() + ",\"offset\":" + item.offset());
            if (item.latest() != null) {
                text(out, ",\"latest\":");
                out.writeBytes(Json.bytes(item.latest()));
            }
            text(out, ",\"entry\":");
            out.write(item.json(), 0, item.json().length);
            text(out, "}");
        }
        text(out, "]}");
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An entry, or a message as its changes left it; then {@code latest} says which they were, else it is null. */
    public record Item(long seq, long offset, byte[] json, LogAnswer.Latest latest) {
        static Item of(Kept entry) {
            return new Item(entry.seq(), entry.offset(), entry.json(), null);
        }

        static Item latest(Kept create, Kept content, MessageState state) {
            var applied = new AppliedChange(create, content, state);
            return new Item(create.seq(), create.offset(), applied.entry(), applied.latest());
        }
    }

    private record Frame(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, boolean complete) {
    }
}
