package io.millrace.testing.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/** Within an epoch, entries came in seq order. */
public record Ordered() implements Guarantee {
    @Override
    public void verify(RoomTranscript transcript) {
        RoomTranscript.Entry last = null;
        for (RoomTranscript.Entry entry : transcript.entries()) {
            if (last != null && last.epoch().equals(entry.epoch())) {
                assertThat(entry.seq()).as("order in %s", transcript.room()).isGreaterThan(last.seq());
            }
            last = entry;
        }
    }
}
