package io.millrace.streams.history.pages;

import io.millrace.contract.json.Json;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A page as read; {@link #json()} is a {@link io.millrace.contract.history.LogAnswer} whose entries are the very bytes of the log. */
public record Page(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, List<Kept> items, boolean complete) {
    private static final int ITEM_FRAME = 64;

    public byte[] json() {
        var out = new ByteArrayOutputStream(256 + items.stream().mapToInt(item -> item.json().length + ITEM_FRAME).sum());
        var frame = Json.bytes(new Frame(room, epoch, headSeq, oldestSeq, oldestAt, complete));
        out.write(frame, 0, frame.length - 1); // up to the closing brace
        text(out, ",\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            text(out, (i == 0 ? "" : ",") + "{\"seq\":" + item.seq() + ",\"offset\":" + item.offset() + ",\"entry\":");
            out.write(item.json(), 0, item.json().length);
            text(out, "}");
        }
        text(out, "]}");
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private record Frame(String room, String epoch, long headSeq, long oldestSeq, Instant oldestAt, boolean complete) {
    }
}
