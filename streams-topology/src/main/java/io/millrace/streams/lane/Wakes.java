package io.millrace.streams.lane;

import io.millrace.streams.ByteWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of the store that says what wakes a lane: a time, or an attachment of its sender. Keys of one kind stand together; times are
 * in order.
 */
final class Wakes {
    private static final int TIME = 0;
    private static final int UPLOAD = 1;
    private static final int OVERHEAD = 8;
    private static final byte[] NO_LANE = {};

    private Wakes() {
    }

    static byte[] time(long at, byte[] lane) {
        return new ByteWriter(lane.length + 1 + Long.BYTES).putByte(TIME).putOrdered(at).putRest(lane).toBytes();
    }

    /** Before every lane that wakes at {@code at}. */
    static byte[] beforeTime(long at) {
        return time(at, NO_LANE);
    }

    static long timeOf(byte[] key) {
        return ByteBuffer.wrap(key, 1, Long.BYTES).getLong();
    }

    static byte[] laneWokenByTime(byte[] key) {
        return Arrays.copyOfRange(key, 1 + Long.BYTES, key.length);
    }

    static byte[] upload(String sender, String attachment, byte[] lane) {
        return new ByteWriter(sender.length() + attachment.length() + lane.length + OVERHEAD).putByte(UPLOAD).putText(sender).putText(attachment)
                .putRest(lane).toBytes();
    }

    /** What the keys of all lanes that wait for an attachment begin with. */
    static byte[] uploadPrefix(String sender, String attachment) {
        return upload(sender, attachment, NO_LANE);
    }

    static byte[] laneWokenBy(byte[] uploadPrefix, byte[] key) {
        return Arrays.copyOfRange(key, uploadPrefix.length, key.length);
    }
}
