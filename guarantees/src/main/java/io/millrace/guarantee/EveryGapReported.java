package io.millrace.guarantee;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Every seq from {@code from} to {@code to} was either given to the client or lies in a discontinuity it was told. */
public record EveryGapReported(long from, long to) implements Guarantee {
    @Override
    public List<Violation> violations(RoomTranscript transcript) {
        var accounted = new TreeSet<>(transcript.seqs());
        transcript.gaps().forEach(gap -> LongStream.rangeClosed(Math.max(from, gap.from()), Math.min(to, gap.to())).forEach(accounted::add));
        return Ranges.missing(from, to, accounted).each(range -> violation(transcript, range + " lost without a word"));
    }
}
