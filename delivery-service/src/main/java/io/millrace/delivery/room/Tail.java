package io.millrace.delivery.room;

import java.util.Arrays;

/** The newest entries of one room, without holes, found by seq: a ring that grows as needed. What may be kept is its partition's concern. */
final class Tail {
    private LoggedEntry[] ring = new LoggedEntry[4];
    private long firstSeq = 1;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Null if the entry is not kept. */
    LoggedEntry get(long seq) {
        return seq >= firstSeq && seq < firstSeq + size ? ring[slot(seq)] : null;
    }

    /** Appends the next entry; one that does not follow the last begins the tail anew. */
    void add(LoggedEntry entry) {
        if (entry.seq() != firstSeq + size) {
            clear();
            firstSeq = entry.seq();
        }
        if (size == ring.length) {
            grow();
        }
        ring[slot(entry.seq())] = entry;
        size++;
    }

    void replace(LoggedEntry entry) {
        ring[slot(entry.seq())] = entry;
    }

    /** Drops the oldest entry if it stands where {@code evicted} stood. */
    void evict(LoggedEntry evicted) {
        if (size > 0 && ring[slot(firstSeq)].position().equals(evicted.position())) {
            ring[slot(firstSeq)] = null;
            firstSeq++;
            size--;
        }
    }

    void clear() {
        Arrays.fill(ring, null);
        size = 0;
    }

    private void grow() {
        var larger = new LoggedEntry[2 * ring.length];
        for (long seq = firstSeq; seq < firstSeq + size; seq++) {
            larger[(int) (seq & larger.length - 1)] = ring[slot(seq)];
        }
        ring = larger;
    }

    private int slot(long seq) {
        return (int) (seq & ring.length - 1);
    }
}
