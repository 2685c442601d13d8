package io.millrace.testing.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;

/** Every seq from {@code from} to {@code to} was either given to the client or lies in a discontinuity it was told. */
public record EveryGapReported(long from, long to) implements Guarantee {
    @Override
    public void verify(RoomTranscript transcript) {
        Set<Long> accounted = new HashSet<>(transcript.seqs());
        transcript.gaps().forEach(gap -> LongStream.rangeClosed(gap.from(), gap.to()).forEach(accounted::add));
        long[] silent = LongStream.rangeClosed(from, to).filter(seq -> !accounted.contains(seq)).toArray();
        assertThat(silent).as("entries of %s lost without a word", transcript.room()).isEmpty();
    }
}
