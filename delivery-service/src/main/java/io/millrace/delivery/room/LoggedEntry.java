package io.millrace.delivery.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.CursorCodec;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.continuity.Position;
import java.time.Instant;
import java.util.Arrays;

/**
 * One entry of a room's log and the {@code message} frame that carries it (DEL-3). The frame holds the entry's JSON as the log has it and
 * is encoded once for all live subscribers.
 */
public final class LoggedEntry {
    private static final byte[] LIVE = ",\"replay\":false,\"entry\":".getBytes(UTF_8);
    private static final byte[] REPLAY = ",\"replay\":true,\"entry\":".getBytes(UTF_8);

    private final String room;
    private final Position position;
    private final long offset;
    private final byte[] json;
    private final String cursor;
    private byte[] liveFrame;

    /** {@code leaderEpoch}: one under which the log held the entry. */
    LoggedEntry(String room, Position position, long offset, int leaderEpoch, byte[] json, LogFacts log) {
        this.room = room;
        this.position = position;
        this.offset = offset;
        this.json = json;
        this.cursor = CursorCodec.encode(room, new Cursor(log.topicId(), log.partition(), offset + 1, leaderEpoch, position));
    }

    String room() {
        return room;
    }

    Position position() {
        return position;
    }

    long seq() {
        return position.seq();
    }

    boolean isOf(String epoch) {
        return position.epoch().equals(epoch);
    }

    long offset() {
        return offset;
    }

    long nextOffset() {
        return offset + 1;
    }

    /** What keeping it costs, roughly: the entry and its frame. */
    int bytes() {
        return 2 * json.length + 256;
    }

    boolean saysTheSameAs(LoggedEntry other) {
        return position.equals(other.position) && Arrays.equals(json, other.json);
    }

    Instant at() {
        return JsonSlice.at(json);
    }

    byte[] frame(boolean replay) {
        if (replay) {
            return encode(REPLAY);
        }
        if (liveFrame == null) {
            liveFrame = encode(LIVE);
        }
        return liveFrame;
    }

    private byte[] encode(byte[] flag) {
        byte[] start = ("{\"op\":\"message\",\"room\":" + quoted(room) + ",\"epoch\":" + quoted(position.epoch())
                + ",\"seq\":" + position.seq() + ",\"cursor\":\"" + cursor + '"').getBytes(UTF_8);
        byte[] frame = Arrays.copyOf(start, start.length + flag.length + json.length + 1);
        System.arraycopy(flag, 0, frame, start.length, flag.length);
        System.arraycopy(json, 0, frame, start.length + flag.length, json.length);
        frame[frame.length - 1] = '}';
        return frame;
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
