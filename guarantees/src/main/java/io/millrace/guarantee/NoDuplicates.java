package io.millrace.guarantee;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** No entry was given twice. */
public record NoDuplicates() implements Guarantee {
    @Override
    public List<Violation> violations(RoomTranscript transcript) {
        Set<String> seen = new HashSet<>();
        return transcript.entries().stream().filter(entry -> !seen.add(entry.epoch() + '/' + entry.seq()))
                .map(entry -> violation(transcript, "seq " + entry.seq() + " given again")).toList();
    }
}
