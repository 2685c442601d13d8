package io.millrace.contract.history;

import java.time.Instant;

/**
 * Where a room's log stands in the history view: its last entry ({@code epoch}, {@code seq}, and the {@code offset} it has in its log
 * partition) and the oldest one still kept. A room without entries has epoch null, seq 0, offset -1, oldestSeq 0 and oldestAt null.
 * A room of which nothing is kept any more has oldestSeq one past seq and oldestAt null.
 */
public record HeadAnswer(String room, String epoch, long seq, long offset, long oldestSeq, Instant oldestAt) {
}
