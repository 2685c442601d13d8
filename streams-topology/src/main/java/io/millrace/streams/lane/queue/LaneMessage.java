package io.millrace.streams.lane.queue;

import io.millrace.contract.json.Json;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.tracing.TraceContext;

/**
 * A message in its lane. {@code position} is its laneSeq, or its place in order of arrival where it has none; {@code arrivedAt} is when
 * the scheduler first saw it, in ms; {@code value} is the record as ingest wrote it, handed on byte for byte.
 */
public record LaneMessage(long position, long arrivedAt, AcceptedMessage accepted, byte[] value, TraceContext trace) {
    public String id() {
        return accepted.message().id();
    }

    public String room() {
        return accepted.message().room();
    }

    /** Whether its position is its own laneSeq; a place by arrival that it does not take is the next one's. */
    boolean isCounted() {
        return accepted.message().laneSeq() != null;
    }

    /** The same id in the same room is the same message (MSG-2). */
    boolean isSameAs(LaneMessage other) {
        return isNamed(other.room(), other.id());
    }

    boolean isNamed(String room, String id) {
        return id().equals(id) && room().equals(room);
    }

    /** The same message with other content, as the hook wants it. */
    LaneMessage changedTo(AcceptedMessage changed) {
        return changed == accepted ? this : new LaneMessage(position, arrivedAt, changed, Json.bytes(changed), trace);
    }
}
