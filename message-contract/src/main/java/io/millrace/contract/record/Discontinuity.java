package io.millrace.contract.record;

import java.time.Instant;

/** Continuity lost by one client (CON-3, CON-6); {@code from} and {@code to} are inclusive seqs. Key: room. */
public record Discontinuity(String room, DiscontinuityReason reason, long from, long to, long lost, boolean recoverable, long oldestSeq,
                            String sender, Instant at) {
}
