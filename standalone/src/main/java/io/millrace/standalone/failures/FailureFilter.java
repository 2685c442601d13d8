package io.millrace.standalone.failures;

import java.time.Instant;
import java.util.Set;

/** Which failures are asked for; a part that is null asks for all. */
public record FailureFilter(Instant since, Set<String> ids, String sender, String room, String code) {
    public boolean accepts(StoredFailure stored) {
        return (since == null || !stored.at().isBefore(since))
                && (ids == null || ids.contains(stored.id()))
                && (sender == null || sender.equals(stored.sender()))
                && (room == null || room.equals(stored.room()))
                && (code == null || code.equals(stored.code()));
    }
}
