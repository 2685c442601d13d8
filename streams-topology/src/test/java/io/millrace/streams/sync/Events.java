package io.millrace.streams.sync;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.Lane;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.time.Instant;

/** Sync events as the scheduler and the sequencer write them. */
public final class Events {
    private Events() {
    }

    public static SyncEvent syncing(String id, String room, int attempt, Instant at) {
        return new SyncEvent(id, room, "s1", Lane.TEXT, 1L, SyncState.SYNCING, attempt, 4, at.plusSeconds(5), trouble(), null, null, at);
    }

    public static SyncEvent synced(String id, String room, long seq, Instant at) {
        return new SyncEvent(id, room, "s1", Lane.TEXT, 1L, SyncState.SYNCED, 1, 4, null, null, "e1", seq, at);
    }

    public static SyncEvent failed(String id, String room, Instant at) {
        return new SyncEvent(id, room, "s1", Lane.TEXT, 1L, SyncState.FAILED, 4, 4, null, trouble(), null, null, at);
    }

    private static Cause trouble() {
        return Cause.of(ErrorCode.HOOK_UNAVAILABLE, "unable to sync; the hook did not answer");
    }
}
