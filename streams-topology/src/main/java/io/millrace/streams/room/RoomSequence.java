package io.millrace.streams.room;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a room's log stands: its epoch and the seq of its last entry (LOG-1). */
record RoomSequence(String epoch, long seq) {
    private static final int EPOCH_BYTES = 8;

    /** A room that begins: its epoch follows from its first message and where that stood in the inbox, and from nothing else (LOG-4). */
    static RoomSequence begin(String room, InboxPosition first, Instant at) {
        var seed = room + '\n' + first.partition() + '\n' + first.offset() + '\n' + at.toEpochMilli();
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            return new RoomSequence(HexFormat.of().formatHex(Arrays.copyOf(digest, EPOCH_BYTES)), 0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("unable to name an epoch; every JVM has SHA-256", e);
        }
    }

    RoomSequence next() {
        return new RoomSequence(epoch, seq + 1);
    }
}
