package io.millrace.streams.lane;

import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/** A {@link LaneState} as the lane store keeps it: some twenty bytes for a lane in which nothing waits. */
final class LaneStateCodec {
    private static final int USUAL_SIZE = 32;
    private static final int VERSION = 1;
    private static final int OPEN = 0;
    private static final int MISSING = 1;
    private static final int PASSING = 2;

    private LaneStateCodec() {
    }

    static byte[] encode(LaneState state) {
        var to = new ByteWriter(USUAL_SIZE).putByte(VERSION).putNumber(state.next()).putNumber(state.waiting()).putNumber(state.touchedAt())
                .putNumber(state.scheduledAt()).putNumber(state.usedUp().ranges().size());
        for (var range : state.usedUp().ranges()) {
            to.putNumber(range.from()).putNumber(range.to());
        }
        encode(state.head(), to);
        return to.toBytes();
    }

    static LaneState decode(byte[] bytes) {
        var from = new ByteReader(bytes);
        int version = from.takeByte();
        if (version != VERSION) {
            throw new IllegalStateException("unable to read a lane; version " + version + " is from a later build");
        }
        long next = from.takeNumber();
        int waiting = from.takeInt();
        long touchedAt = from.takeNumber();
        long scheduledAt = from.takeNumber();
        return new LaneState(next, waiting, usedUp(from), head(from), touchedAt, scheduledAt);
    }

    private static UsedUp usedUp(ByteReader from) {
        int count = from.takeInt();
        if (count == 0) {
            return UsedUp.NONE;
        }
        List<UsedUp.Range> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new UsedUp.Range(from.takeNumber(), from.takeNumber()));
        }
        return new UsedUp(ranges);
    }

    private static void encode(Head head, ByteWriter to) {
        if (head instanceof Head.Missing missing) {
            to.putByte(MISSING).putNumber(missing.since());
        } else if (head instanceof Head.Passing passing) {
            to.putByte(PASSING).putNumber(passing.settling().looks()).putNumber(passing.settling().lookedAt());
        } else {
            to.putByte(OPEN);
        }
    }

    private static Head head(ByteReader from) {
        int kind = from.takeByte();
        return switch (kind) {
            case OPEN -> Head.OPEN;
            case MISSING -> new Head.Missing(from.takeNumber());
            case PASSING -> new Head.Passing(new Settling(from.takeInt(), from.takeNumber()));
            default -> throw new IllegalStateException("unable to read a lane; head " + kind + " is from a later build");
        };
    }
}
