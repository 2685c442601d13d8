package io.millrace.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Function;

/** Ranges of seqs, both ends inclusive. */
record Ranges(List<Range> all) {
    record Range(long from, long to) {
        @Override
        public String toString() {
            return from == to ? "seq " + from : "seqs " + from + " to " + to;
        }
    }

    /** What of {@code from} to {@code to} is not among {@code accounted}. */
    static Ranges missing(long from, long to, SortedSet<Long> accounted) {
        List<Range> missing = new ArrayList<>();
        long next = from;
        for (long seq : accounted.subSet(from, Math.max(from, to + 1))) {
            if (seq > next) {
                missing.add(new Range(next, seq - 1));
            }
            next = seq + 1;
        }
        if (next <= to) {
            missing.add(new Range(next, to));
        }
        return new Ranges(missing);
    }

    List<Violation> each(Function<Range, Violation> violation) {
        return all.stream().map(violation).toList();
    }
}
