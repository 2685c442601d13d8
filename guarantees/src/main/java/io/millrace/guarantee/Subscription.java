package io.millrace.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.guarantee.RoomTranscript.Entry;
import io.millrace.guarantee.RoomTranscript.Gap;
import io.millrace.guarantee.RoomTranscript.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client was told about one room within one epoch, from a {@code subscribed} on: everything after {@code seen} is due to it, as far as
 * anything it was told reaches.
 */
final class Subscription {
    /** Where the cursor stood is not in the recording: what the verdict says of it must be taken as it is. */
    static final long UNKNOWN = -1;
    private static final Set<String> MEANS_EVERYTHING = Set.of("CURSOR_UNKNOWN", "STREAM_RECREATED", "REPARTITIONED");

    private final String room;
    private final String connection;
    private final long seen;
    private final long attach;
    private final boolean owesAGap;
    private final List<Told> told = new ArrayList<>();
    private final Map<Long, JsonNode> contents = new HashMap<>();
    private String epoch;
    private long reached;
    private boolean fromNowhere;

    Subscription(String room, String connection, String epoch, long seen, long attach, boolean owesAGap) {
        this.room = room;
        this.connection = connection;
        this.epoch = epoch;
        this.seen = seen;
        this.attach = attach;
        this.owesAGap = owesAGap;
        this.reached = Math.min(seen == UNKNOWN ? attach : seen, attach);
    }

    String room() {
        return room;
    }

    String connection() {
        return connection;
    }

    String epoch() {
        return epoch;
    }

    Map<Long, JsonNode> contents() {
        return contents;
    }

    boolean hasEpoch(String other) {
        return epoch == null || epoch.equals(other);
    }

    /** Its reader was here before, yet never was where its cursor stands. */
    void comesFromNowhere() {
        fromNowhere = true;
    }

    long attach() {
        return attach;
    }

    /** It was told, or must have been by now, everything up to here. A connection that was cut before owes nothing more. */
    void upTo(long seq) {
        reached = Math.max(reached, seq);
    }

    void tell(Entry entry, JsonNode content) {
        epoch = entry.epoch();
        told.add(entry);
        contents.put(entry.seq(), content);
        upTo(entry.seq());
    }

    void tell(Gap gap) {
        told.add(gap);
    }

    /** The room began anew: all of the new log is due, but for what a discontinuity told just now has named. */
    Subscription inEpoch(Entry first) {
        boolean excused = !told.isEmpty() && told.get(told.size() - 1) instanceof Gap gap && gap.reason().equals("STREAM_RECREATED") && gap.to() + 1 == first.seq();
        long before = excused ? first.seq() - 1 : 0;
        return new Subscription(room, connection, first.epoch(), before, before, false);
    }

    /** The log now ends before {@code gap}; what comes next takes the seqs of what was given. */
    Subscription cutAt(Gap gap) {
        return new Subscription(room, connection, epoch, gap.from() - 1, gap.from() - 1, false);
    }

    /** Whether the gap is the verdict on the cursor: the first thing told. */
    boolean isJudged(Gap gap) {
        return owesAGap && told.indexOf(gap) == 0;
    }

    List<Violation> violations() {
        List<Violation> found = new ArrayList<>(ofTheVerdict());
        for (int i = 1; i < told.size(); i++) {
            if (told.get(i) instanceof Gap gap && gap.equals(told.get(i - 1))) {
                found.add(new Violation("NoFalseGap", where(), gap + " is told twice"));
            }
        }
        var verdict = verdict();
        boolean cut = verdict != null && verdict.reason().equals("LOG_TRUNCATED");
        long from = firstDue(verdict);
        long to = cut ? Math.max(reached, verdict.to()) : verdict == null ? reached : Math.max(reached, attach);
        var judged = new RoomTranscript(where(), told.stream().filter(one -> !isAboutAnotherLog(one)).toList());
        for (Guarantee guarantee : List.of(new EveryGapReported(from, to), new NoFalseGap(from, Math.max(to, attach)), new NoDuplicates(), new Ordered())) {
            found.addAll(guarantee.violations(judged));
        }
        return found;
    }

    private List<Violation> ofTheVerdict() {
        var verdict = verdict();
        List<Violation> found = new ArrayList<>();
        if (owesAGap && verdict == null && !told.isEmpty() && attach > Math.max(0, seen)) {
            found.add(new Violation("EveryGapReported", where(), "not resumed, and no discontinuity told"));
        }
        if (fromNowhere && (verdict == null ? !owesAGap : !verdict.reason().equals("CURSOR_UNKNOWN"))) {
            found.add(new Violation("NothingLost", where(), "begins at a place where the recording never was"));
        }
        if (verdict != null && !verdict.reason().equals("LOG_TRUNCATED") && verdict.to() != attach) {
            found.add(new Violation("NoFalseGap", where(), verdict + " does not end at the attach point, seq " + attach));
        }
        return found;
    }

    private long firstDue(Gap verdict) {
        if (verdict != null && MEANS_EVERYTHING.contains(verdict.reason())) {
            return 1;
        }
        if (seen == UNKNOWN) {
            return verdict == null ? attach + 1 : verdict.from();
        }
        boolean cutAtTheHead = verdict != null && verdict.reason().equals("LOG_TRUNCATED") && seen == attach; // then the last entry is in doubt
        return cutAtTheHead ? seen : (verdict != null && verdict.reason().equals("LOG_TRUNCATED") ? Math.min(seen, attach) : seen) + 1;
    }

    private Gap verdict() {
        return owesAGap && !told.isEmpty() && told.get(0) instanceof Gap gap ? gap : null;
    }

    /** Told while live: the log was made anew or cut, and the gap names what is void, all of which was given. */
    private boolean isAboutAnotherLog(Told one) {
        return one instanceof Gap gap && gap != verdict() && (gap.reason().equals("STREAM_RECREATED") || gap.reason().equals("LOG_TRUNCATED"));
    }

    private String where() {
        return room + " on " + connection;
    }

    @Override
    public String toString() {
        return where() + " after seq " + seen;
    }
}
