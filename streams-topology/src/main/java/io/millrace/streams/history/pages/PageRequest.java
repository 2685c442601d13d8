package io.millrace.streams.history.pages;

/** Which page of a room: {@code after} or {@code before}, exclusive seqs, or the newest with neither; never both. */
public record PageRequest(Long after, Long before, int limit, long maxBytes) {
    public PageRequest {
        if (after != null && before != null) {
            throw new IllegalArgumentException("before and after exclude each other");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1");
        }
    }

    /** Oldest first; else newest first. */
    boolean isForward() {
        return after != null;
    }
}
