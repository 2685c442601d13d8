package io.millrace.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Every seq from {@code from} to {@code to} was given to the client, and no discontinuity was needed. */
public record NothingLost(long from, long to) implements Guarantee {
    @Override
    public List<Violation> violations(RoomTranscript transcript) {
        List<Violation> found = new ArrayList<>(Ranges.missing(from, to, new TreeSet<>(transcript.seqs())).each(range -> violation(transcript, range + " not given")));
        transcript.gaps().forEach(gap -> found.add(violation(transcript, "a discontinuity was told: " + gap)));
        return found;
    }
}
