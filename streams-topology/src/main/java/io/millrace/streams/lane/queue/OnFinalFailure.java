package io.millrace.streams.lane.queue;

/** What a message's final failure means for those that wait behind it in its lane (SYN-6). */
public enum OnFinalFailure {
    CONTINUE, FAIL_REST
}
