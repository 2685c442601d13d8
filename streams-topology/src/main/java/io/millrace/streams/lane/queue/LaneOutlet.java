package io.millrace.streams.lane.queue;

import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import java.util.List;

/** Where a lane's decisions go. {@code failed} are the attempts that did not succeed, oldest first. */
public interface LaneOutlet {
    /** The message's turn has come: the sequencer gives it its place. */
    void handOn(LaneMessage message, List<FailedAttempt> failed);

    /** The message must end as failed, unless the sequencer knows its id already. */
    void fail(LaneMessage message, List<FailedAttempt> failed, Cause cause);

    /** The message came again while it waits: its original will answer (SYN-2). */
    void absorb(LaneMessage message);

    /** The message waits for its attachments (SYN-7). */
    void tellUploading(LaneMessage message);

    /** An attempt has failed; the next one is made at {@code nextAttemptAt} (SYN-7). */
    void tellSyncing(LaneMessage message, FailedAttempt last, long nextAttemptAt);

    /** The hook is to judge the message (SYN-10). */
    void ask(LaneMessage message, int attempt);
}
