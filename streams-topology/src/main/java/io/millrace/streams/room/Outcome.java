package io.millrace.streams.room;

import io.millrace.contract.message.Lane;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import io.millrace.streams.Causes;
import java.time.Duration;
import java.time.Instant;

/** What became of an id, kept compactly: the terminal event without what the key says, and when the message was accepted. */
record Outcome(Instant acceptedAt, SyncEvent event) {
    private static final int USUAL_SIZE = 80;
    private static final int SYNCED = 1;
    private static final int FAILED = 2;

    /** Whether a message with the same id is the same message: judged by both messages' own times, never by a clock (LOG-4). */
    boolean covers(Instant at, Duration window) {
        return Duration.between(acceptedAt, at).abs().compareTo(window) <= 0;
    }

    byte[] toBytes() {
        var to = new ByteWriter(USUAL_SIZE).putByte(event.state() == SyncState.SYNCED ? SYNCED : FAILED)
                .putInstant(acceptedAt).putInstant(event.at())
                .putText(event.session()).putByte(event.lane().ordinal()).putNumber(event.laneSeq() == null ? 0 : event.laneSeq())
                .putNumber(event.attempt()).putNumber(event.maxAttempts());
        if (event.state() == SyncState.SYNCED) {
            return to.putText(event.epoch()).putNumber(event.seq()).toBytes();
        }
        Causes.write(event.cause(), to);
        return to.toBytes();
    }

    static Outcome of(String room, String id, byte[] bytes) {
        var from = new ByteReader(bytes);
        var state = from.takeByte() == SYNCED ? SyncState.SYNCED : SyncState.FAILED;
        var acceptedAt = from.takeInstant();
        var at = from.takeInstant();
        var session = from.takeText();
        var lane = Lane.values()[from.takeByte()];
        long laneSeq = from.takeNumber();
        int attempt = from.takeInt();
        int maxAttempts = from.takeInt();
        var cause = state == SyncState.FAILED ? Causes.read(from) : null;
        var epoch = state == SyncState.SYNCED ? from.takeText() : null;
        var seq = state == SyncState.SYNCED ? Long.valueOf(from.takeNumber()) : null;
        return new Outcome(acceptedAt, new SyncEvent(id, room, session, lane, laneSeq == 0 ? null : laneSeq, state, attempt, maxAttempts, null,
                cause, epoch, seq, at));
    }
}
