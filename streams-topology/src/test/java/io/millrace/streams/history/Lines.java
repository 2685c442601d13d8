package io.millrace.streams.history;

import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import java.time.Instant;
import java.util.List;

/** Records of a room log, as a sequencer would write them. */
public final class Lines {
    private Lines() {
    }

    public static LogRecord line(String room, String epoch, long seq, Instant at) {
        return new LogRecord(room, epoch, seq, entry(room + "-" + epoch + "-" + seq, at));
    }

    public static byte[] value(String room, String epoch, long seq, Instant at) {
        return Json.bytes(line(room, epoch, seq, at));
    }

    public static Entry entry(String id, Instant at) {
        return new Entry(Action.CREATE, MessageType.TEXT, "ana", id, "s1", 1L, null, "text of " + id, null, List.of(), null, null, at, at);
    }
}
