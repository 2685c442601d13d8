package io.millrace.contract.history;

import io.millrace.contract.record.DiscontinuityReason;
import java.time.Instant;
import java.util.List;

/** What clients of a room were not given so far, by reason; a reason that never occurred is not named (CON-6). */
public record LossAnswer(String room, List<Loss> losses) {
    public LossAnswer {
        losses = List.copyOf(losses);
    }

    /** {@code times} discontinuities of {@code entries} entries together, the first one and the last one told at those times. */
    public record Loss(DiscontinuityReason reason, long times, long entries, Instant first, Instant last) {
    }
}
