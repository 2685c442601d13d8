package io.millrace.streams.history.pages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.contract.json.Json;
import io.millrace.streams.history.pages.ViewStore.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a room stands in the view: its last entry, and {@code oldestSeq}, below which nothing is kept; past {@code seq} when nothing is
 * kept at all. {@code former} are earlier epochs, newest last: their records are never taken for news.
 */
public record Head(String epoch, long seq, long offset, long oldestSeq, List<String> former) {
    private static final int FORMER_EPOCHS = 8;

    public Head {
        former = former == null ? List.of() : List.copyOf(former);
    }

    static Head read(byte[] value) {
        try {
            return Json.MAPPER.readValue(value, Head.class);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read a head of the history view; its store is damaged", e);
        }
    }

    byte[] bytes() {
        return Json.bytes(this);
    }

    @JsonIgnore
    boolean isEmpty() {
        return oldestSeq > seq;
    }

    /**
     * What a record at {@code offset} means for its room, whose head is {@code head}, null if it has none. {@code known} is what is kept under its
     * seq, null if nothing is; the log was cut at {@code cutAt} once, or never.
     */
    static Placement place(Head head, LogLine line, long offset, Kept known, long cutAt) {
        return head == null ? new Placement.First(new Head(line.epoch(), line.seq(), offset, line.seq(), List.of())) : head.place(line, offset, known, cutAt);
    }

    /** Whether the record's place is taken: only then it matters by what. */
    boolean hasPassed(LogLine line) {
        return line.epoch().equals(epoch) && line.seq() <= seq;
    }

    private Placement place(LogLine line, long offset, Kept known, long cutAt) {
        if (!line.epoch().equals(epoch)) {
            return former.contains(line.epoch()) ? new Placement.Stale() : new Placement.NewEpoch(successor(line, offset));
        }
        if (line.seq() == seq + 1) {
            return new Placement.Next(extended(line, offset));
        }
        if (line.seq() > seq) {
            return new Placement.Jump(new Head(epoch, line.seq(), offset, line.seq(), former), line.seq() - seq - 1);
        }
        boolean replaced = known != null && !known.isOf(line, offset);
        if (replaced && (offset <= this.offset || known.offset() >= cutAt)) {
            return new Placement.Rewound(new Head(epoch, line.seq(), offset, Math.min(oldestSeq, line.seq()), former));
        }
        if (offset > this.offset) {
            return new Placement.Contradiction();
        }
        return line.seq() < oldestSeq ? new Placement.Stale() : new Placement.Replay();
    }

    /** The head as it was before {@code next}, when its last record stood at {@code lastOffset}. */
    Head before(long next, long lastOffset) {
        return new Head(epoch, next - 1, lastOffset, Math.min(oldestSeq, next), former);
    }

    Head trimmedTo(long newOldestSeq) {
        return newOldestSeq <= oldestSeq ? this : new Head(epoch, seq, offset, newOldestSeq, former);
    }

    private Head extended(LogLine line, long offset) {
        return new Head(epoch, line.seq(), offset, oldestSeq, former);
    }

    private Head successor(LogLine line, long offset) {
        var known = Stream.concat(former.stream(), Stream.of(epoch)).toList();
        var kept = known.subList(Math.max(0, known.size() - FORMER_EPOCHS), known.size());
        return new Head(line.epoch(), line.seq(), offset, line.seq(), kept);
    }

    /** What a record is to a room that has a head. */
    public sealed interface Placement {
        /** The first record of a room. */
        record First(Head head) implements Placement {
        }

        /** The next seq: the ordinary case. */
        record Next(Head head) implements Placement {
        }

        /** The log began anew under another epoch; what the former one left is to be dropped. */
        record NewEpoch(Head head) implements Placement {
        }

        /** So many seqs are missing on the log (retention passed the view by): the run that can be proven whole starts here (HIS-5). */
        record Jump(Head head, long missing) implements Placement {
        }

        /** Read again after a crash: the same entry under the same key. */
        record Replay() implements Placement {
        }

        /** Read again, but no longer kept. */
        record Stale() implements Placement {
        }

        /** The log was cut and another record took the place of one that is kept (CON-4): what is kept from there on is void. */
        record Rewound(Head head) implements Placement {
        }

        /** A seq given twice (against LOG-1), and nothing proves that the first is gone: it stays. */
        record Contradiction() implements Placement {
        }
    }
}
