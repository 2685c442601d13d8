package io.millrace.delivery.continuity;

import io.millrace.contract.record.DiscontinuityReason;

/** What a cursor is worth (CON-1): the client goes on, or is told what it missed, or one more fact is needed to say which. */
public sealed interface Verdict {

    /** Everything after {@code from} is given to the client; nothing is missed. */
    record Resumed(Position from) implements Verdict {
    }

    /** The range {@code from} to {@code to}, both inclusive, is not given; the client goes on after {@code attach} (CON-3, CON-5). */
    record Lost(DiscontinuityReason reason, long from, long to, boolean recoverable, long oldestSeq, Position attach) implements Verdict {
        public long lost() {
            return to - from + 1;
        }
    }

    /** The facts do not decide it yet. */
    record Open(Question question) implements Verdict {
    }

    /**
     * {@code LOG_END}: does the log still reach the cursor? {@code EPOCH_END}: where does what its leader wrote end now? {@code LAST_SHARED}:
     * which is the last entry before the place where the log was cut? {@code OLDEST_MISSED}: what is kept, and how old is the first missed entry?
     */
    enum Question {
        LOG_END, EPOCH_END, LAST_SHARED, OLDEST_MISSED
    }
}
