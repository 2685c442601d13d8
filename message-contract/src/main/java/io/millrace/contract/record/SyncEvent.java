package io.millrace.contract.record;

import io.millrace.contract.message.Lane;
import java.time.Instant;

/** One change of a message's sync state (SYN-7); {@code epoch} and {@code seq} say where a synced one stands. Key: sender. */
public record SyncEvent(String id, String room, String session, Lane lane, Long laneSeq, SyncState state, int attempt, int maxAttempts,
                        Instant nextAttemptAt, Cause cause, String epoch, Long seq, Instant at) {
}
