package io.millrace.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Writes the compact values of state stores: numbers in 7-bit groups, texts with their length. Read by {@link ByteReader}. */
public final class ByteWriter {
    private static final int GROUP = 7;
    private static final int MORE = 0x80;
    private byte[] bytes;
    private int size;

    public ByteWriter(int expected) {
        bytes = new byte[expected];
    }

    public ByteWriter putByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Small non-negative numbers take one byte; any long can be written. */
    public ByteWriter putNumber(long value) {
        ensure(Long.BYTES + 2);
        long rest = value;
        while ((rest & ~(MORE - 1L)) != 0) {
            bytes[size++] = (byte) (rest & (MORE - 1) | MORE);
            rest >>>= GROUP;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Eight bytes whose order as bytes is the order of the numbers, for those that are not negative. */
    public ByteWriter putOrdered(long value) {
        ensure(Long.BYTES);
        ByteBuffer.wrap(bytes, size, Long.BYTES).putLong(value);
        size += Long.BYTES;
        return this;
    }

    public ByteWriter putInstant(Instant value) {
        return putNumber(value.toEpochMilli());
    }

    public ByteWriter putText(String value) {
        return putBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Null and text are told apart. */
    public ByteWriter putOptionalText(String value) {
        return value == null ? putByte(0) : putByte(1).putText(value);
    }

    public ByteWriter putBytes(byte[] value) {
        return putNumber(value.length).putRest(value);
    }

    /** Without a length: the last thing written. */
    public ByteWriter putRest(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    public byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
