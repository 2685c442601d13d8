package io.millrace.ingest.lateness;

/**
 * Where one partition stands: {@code committed} is the first offset its group has not processed, {@link #NONE} if it never committed;
 * {@code young} the first one of a record younger than the threshold, {@link #NONE} if there is none; {@code end} the end of the log.
 */
record Offsets(long committed, long young, long end) {
    static final long NONE = -1;

    /**
     * Whether a record older than the threshold may wait. Offsets are not dense, so what lies between may be nothing but transaction markers:
     * only the record itself can tell. A group that never committed begins at the beginning.
     */
    boolean mayBeLate() {
        return Math.max(0, committed) < (young == NONE ? end : young);
    }
}
