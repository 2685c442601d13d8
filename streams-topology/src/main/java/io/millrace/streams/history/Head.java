package io.millrace.streams.history;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a room stands in the view: its last entry and the oldest one of the unbroken run that ends there. When nothing is kept any
 * more {@code oldestSeq} is one past {@code seq}. {@code former} are earlier epochs, newest last: their records are never taken for news.
 */
record Head(String epoch, long seq, long offset, long oldestSeq, long oldestAtMillis, List<String> former) {
    private static final int FORMER_EPOCHS = 8;

    Head {
        former = former == null ? List.of() : List.copyOf(former);
    }

    static Head first(LogLine line, long offset) {
        return new Head(line.epoch(), line.seq(), offset, line.seq(), line.atMillis(), List.of());
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

    /** What a record at {@code offset} of the same room means for this head. */
    Placement place(LogLine line, long offset) {
        if (!line.epoch().equals(epoch)) {
            return former.contains(line.epoch()) ? new Placement.Stale() : new Placement.NewEpoch(successor(line, offset));
        }
        if (line.seq() == seq + 1) {
            return new Placement.Next(extended(line, offset));
        }
        if (line.seq() > seq) {
            return new Placement.Jump(new Head(epoch, line.seq(), offset, line.seq(), line.atMillis(), former));
        }
        if (offset > this.offset) {
            return new Placement.Contradiction();
        }
        return line.seq() < oldestSeq ? new Placement.Stale() : new Placement.Replay();
    }

    Head trimmedTo(long newOldestSeq, long newOldestAtMillis) {
        return newOldestSeq <= oldestSeq ? this : new Head(epoch, seq, offset, newOldestSeq, newOldestAtMillis, former);
    }

    private Head extended(LogLine line, long offset) {
        return new Head(epoch, line.seq(), offset, oldestSeq, isEmpty() ? line.atMillis() : oldestAtMillis, former);
    }

    private Head successor(LogLine line, long offset) {
        var known = Stream.concat(former.stream(), Stream.of(epoch)).toList();
        var kept = known.subList(Math.max(0, known.size() - FORMER_EPOCHS), known.size());
        return new Head(line.epoch(), line.seq(), offset, line.seq(), line.atMillis(), kept);
    }

    /** What a record is to a room that has a head. */
    sealed interface Placement {
        /** The next seq: the ordinary case. */
        record Next(Head head) implements Placement {
        }

        /** The log began anew under another epoch; what the former one left is to be dropped. */
        record NewEpoch(Head head) implements Placement {
        }

        /** Seqs are missing on the log (retention passed the view by): the run that can be proven whole starts here (HIS-5). */
        record Jump(Head head) implements Placement {
        }

        /** Read again after a crash: the same entry under the same key. */
        record Replay() implements Placement {
        }

        /** Read again, but no longer kept. */
        record Stale() implements Placement {
        }

        /** A seq given twice (against LOG-1): the first stays. */
        record Contradiction() implements Placement {
        }
    }
}
