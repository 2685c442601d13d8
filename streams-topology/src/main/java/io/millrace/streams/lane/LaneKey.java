package io.millrace.streams.lane;

import io.millrace.contract.message.Lane;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import java.nio.ByteBuffer;

/**
 * A lane as the stores name it: sender, session, lane, and whether it counts by laneSeq or by arrival (ING-1). No key is the beginning
 * of another, so a lane's waiting messages are exactly what begins with its key.
 */
record LaneKey(String sender, String session, Lane lane, boolean counted) {
    private static final int OVERHEAD = 8;

    static LaneKey of(AcceptedMessage accepted) {
        var message = accepted.message();
        return new LaneKey(accepted.sender(), message.session(), message.lane(), message.laneSeq() != null);
    }

    static LaneKey of(byte[] key) {
        var reader = new ByteReader(key);
        var sender = reader.takeText();
        var session = reader.takeText();
        int kind = reader.takeByte();
        return new LaneKey(sender, session, Lane.values()[kind >> 1], (kind & 1) == 1);
    }

    byte[] toBytes() {
        return new ByteWriter(sender.length() + session.length() + OVERHEAD).putText(sender).putText(session)
                .putByte(lane.ordinal() << 1 | (counted ? 1 : 0)).toBytes();
    }

    /** The key of what waits at a position of a lane: ordered by position within the lane. */
    static byte[] at(byte[] lane, long position) {
        return new ByteWriter(lane.length + Long.BYTES).putRest(lane).putOrdered(position).toBytes();
    }

    static long position(byte[] waitingKey) {
        return ByteBuffer.wrap(waitingKey, waitingKey.length - Long.BYTES, Long.BYTES).getLong();
    }
}
