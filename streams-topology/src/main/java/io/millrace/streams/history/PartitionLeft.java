package io.millrace.streams.history;

/** Ends a wait: the partition is no longer owned here, so ask again and be sent to its owner. */
public final class PartitionLeft extends RuntimeException {
    PartitionLeft() {
        super("unable to wait; the partition has another owner now", null, false, false);
    }
}
