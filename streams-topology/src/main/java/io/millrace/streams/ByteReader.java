package io.millrace.streams;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote, in the same order. */
public final class ByteReader {
    private static final int GROUP = 7;
    private static final int MORE = 0x80;
    private final byte[] bytes;
    private int at;

    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int takeByte() {
        return bytes[at++];
    }

    public long takeNumber() {
        long value = 0;
        for (int shift = 0;; shift += GROUP) {
            byte group = bytes[at++];
            value |= (long) (group & (MORE - 1)) << shift;
            if (group >= 0) {
                return value;
            }
        }
    }

    public int takeInt() {
        return Math.toIntExact(takeNumber());
    }

    public Instant takeInstant() {
        return Instant.ofEpochMilli(takeNumber());
    }

    public String takeText() {
        int length = takeInt();
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    public String takeOptionalText() {
        return takeByte() == 0 ? null : takeText();
    }

    public byte[] takeRest() {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    /** A later version may have written more; an earlier one less. */
    public boolean hasMore() {
        return at < bytes.length;
    }
}
