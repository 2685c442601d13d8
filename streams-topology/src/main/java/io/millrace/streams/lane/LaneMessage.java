package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.streams.TraceContext;

/**
 * A message in its lane. {@code position} is its laneSeq, or its place in order of arrival where it has none; {@code arrivedAt} is when
 * the scheduler first saw it, in ms; {@code value} is the record as ingest wrote it, handed on byte for byte.
 */
record LaneMessage(long position, long arrivedAt, AcceptedMessage accepted, byte[] value, TraceContext trace) {
    String id() {
        return accepted.message().id();
    }

    String room() {
        return accepted.message().room();
    }

    /** The same id in the same room is the same message (MSG-2). */
    boolean isSameAs(LaneMessage other) {
        return id().equals(other.id()) && room().equals(other.room());
    }
}
