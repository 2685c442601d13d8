package io.millrace.testing.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/** No entry was given twice. */
public record NoDuplicates() implements Guarantee {
    @Override
    public void verify(RoomTranscript transcript) {
        Set<String> seen = new HashSet<>();
        transcript.entries().forEach(entry ->
                assertThat(seen.add(entry.epoch() + '/' + entry.seq())).as("seq %d of %s comes once", entry.seq(), transcript.room()).isTrue());
    }
}
