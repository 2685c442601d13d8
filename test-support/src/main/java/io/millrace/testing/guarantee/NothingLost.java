package io.millrace.testing.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.stream.LongStream;

/** Every seq from {@code from} to {@code to} was given to the client, and no discontinuity was needed. */
public record NothingLost(long from, long to) implements Guarantee {
    @Override
    public void verify(RoomTranscript transcript) {
        Set<Long> given = new HashSet<>(transcript.seqs());
        long[] missing = LongStream.rangeClosed(from, to).filter(seq -> !given.contains(seq)).toArray();
        LongSummaryStatistics range = LongStream.of(missing).summaryStatistics();
        assertThat(missing.length).as("entries of %s lost, between %d and %d; told %s", transcript.room(), range.getMin(), range.getMax(), transcript.gaps())
                .isZero();
        assertThat(transcript.gaps()).as("discontinuities of %s", transcript.room()).isEmpty();
    }
}
