package io.millrace.streams.lane.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * The positions ahead of a lane's head whose messages have already failed (LANE_FULL, LANE_FAILED): the lane steps over them. Kept as
 * ranges, at most {@value #MAX_RANGES}: beyond that the closest two are joined, and what arrives late for the gap between them fails
 * as overtaken, which it is told.
 */
public record UsedUp(List<Range> ranges) {
    public static final UsedUp NONE = new UsedUp(List.of());
    static final int MAX_RANGES = 16;

    /** Positions {@code from} to {@code to}, inclusive. */
    public record Range(long from, long to) {
        public Range {
            if (from > to) {
                throw new IllegalArgumentException("a range needs from <= to");
            }
        }
    }

    public UsedUp {
        ranges = List.copyOf(ranges);
    }

    boolean contains(long position) {
        for (var range : ranges) {
            if (range.from <= position && position <= range.to) {
                return true;
            }
        }
        return false;
    }

    /** The last position of the range that holds {@code position}. */
    long lastFrom(long position) {
        return ranges.stream().filter(range -> range.from <= position && position <= range.to).findFirst().orElseThrow().to;
    }

    UsedUp with(long position) {
        if (contains(position)) {
            return this;
        }
        List<Range> joined = new ArrayList<>();
        var added = new Range(position, position);
        for (var range : ranges) {
            if (range.to < added.from - 1) {
                joined.add(range);
            } else if (range.from - 1 <= added.to) {
                added = new Range(Math.min(range.from, added.from), Math.max(range.to, added.to));
            } else {
                joined.add(added);
                added = range;
            }
        }
        joined.add(added);
        return new UsedUp(joined.size() > MAX_RANGES ? joinClosest(joined) : joined);
    }

    /** Without everything below {@code position}. */
    UsedUp from(long position) {
        if (ranges.isEmpty() || ranges.get(0).from >= position) {
            return this;
        }
        return new UsedUp(ranges.stream().filter(range -> range.to >= position)
                .map(range -> new Range(Math.max(range.from, position), range.to)).toList());
    }

    private static List<Range> joinClosest(List<Range> ranges) {
        int closest = 0;
        for (int i = 1; i + 1 < ranges.size(); i++) {
            if (gapAfter(ranges, i) < gapAfter(ranges, closest)) {
                closest = i;
            }
        }
        List<Range> joined = new ArrayList<>(ranges);
        var upper = joined.remove(closest + 1);
        joined.set(closest, new Range(joined.get(closest).from, upper.to));
        return joined;
    }

    private static long gapAfter(List<Range> ranges, int i) {
        return ranges.get(i + 1).from - ranges.get(i).to;
    }
}
