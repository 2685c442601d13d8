package io.millrace.guarantee;

import java.util.ArrayList;
import java.util.List;

/** Within an epoch, entries came in seq order; a seq that is given again is no matter of order. */
public record Ordered() implements Guarantee {
    @Override
    public List<Violation> violations(RoomTranscript transcript) {
        List<Violation> found = new ArrayList<>();
        RoomTranscript.Entry last = null;
        for (RoomTranscript.Entry entry : transcript.entries()) {
            if (last != null && last.epoch().equals(entry.epoch()) && entry.seq() < last.seq()) {
                found.add(violation(transcript, "seq " + entry.seq() + " given after seq " + last.seq()));
            }
            last = entry;
        }
        return found;
    }
}
