package io.millrace.streams.lane.queue;

/** Knows what messages need. A lane whose messages need nothing pays nothing for it. */
public interface Needs {
    Need of(LaneMessage message);
}
