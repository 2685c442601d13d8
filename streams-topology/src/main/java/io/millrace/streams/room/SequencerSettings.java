package io.millrace.streams.room;

import java.time.Duration;

/** How long ids are recognised (SYN-2) and how long the entries of a room can be edited: as long as its log keeps them (LOG-3, LOG-5). */
public record SequencerSettings(Duration duplicateWindow, Duration logRetention) {
    public static final SequencerSettings DEFAULTS = new SequencerSettings(Duration.ofHours(24), Duration.ofDays(30));

    public SequencerSettings {
        if (duplicateWindow.isNegative() || logRetention.isNegative()) {
            throw new IllegalArgumentException("unable to sequence rooms; a duration is negative");
        }
    }
}
