package io.millrace.delivery.continuity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Writes cursors as opaque text and reads them back. The checksum covers the room's name, so that a damaged cursor or one of another
 * room cannot be read ({@code CURSOR_UNKNOWN}) instead of pointing somewhere. It is no signature: a cursor grants nothing (CON-7).
 */
public final class CursorCodec {
    private static final byte VERSION = 2;
    private static final int FIXED = 1 + 16 + 4 + 8 + 4 + 8;
    private static final int CHECKSUM = 4;
    private static final int MAX_TEXT = 512;

    private CursorCodec() {
    }

    public static String encode(String room, Cursor cursor) {
        byte[] epoch = cursor.position().epoch() == null ? new byte[0] : cursor.position().epoch().getBytes(UTF_8);
        var bytes = ByteBuffer.allocate(FIXED + epoch.length + CHECKSUM)
                .put(VERSION)
                .putLong(cursor.topicId().getMostSignificantBits())
                .putLong(cursor.topicId().getLeastSignificantBits())
                .putInt(cursor.partition())
                .putLong(cursor.offset())
                .putInt(cursor.leaderEpoch())
                .putLong(cursor.position().seq())
                .put(epoch);
        bytes.putInt(checksum(room, bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Empty for whatever is no cursor of this room. */
    public static Optional<Cursor> decode(String room, String text) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            boolean whole = bytes.length >= FIXED + CHECKSUM && bytes[0] == VERSION
                    && ByteBuffer.wrap(bytes).getInt(bytes.length - CHECKSUM) == checksum(room, bytes);
            return whole ? Optional.of(read(ByteBuffer.wrap(bytes, 1, bytes.length - 1 - CHECKSUM))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Cursor read(ByteBuffer bytes) {
        var topicId = new UUID(bytes.getLong(), bytes.getLong());
        int partition = bytes.getInt();
        long offset = bytes.getLong();
        int leaderEpoch = bytes.getInt();
        long seq = bytes.getLong();
        String epoch = bytes.hasRemaining() ? UTF_8.decode(bytes).toString() : null;
        return new Cursor(topicId, partition, offset, leaderEpoch, new Position(epoch, seq));
    }

    private static int checksum(String room, byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes, 0, bytes.length - CHECKSUM);
        crc.update(room.getBytes(UTF_8));
        return (int) crc.getValue();
    }
}
