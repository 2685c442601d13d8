package io.millrace.streams.room;

import io.millrace.contract.record.Failure;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;

/** What becomes of one inbox record; each has the terminal event its sender is told (SYN-2, SYN-7, SYN-9). */
sealed interface Ruling {
    SyncEvent event();

    /** A new entry of the room's log. */
    record Appended(SyncEvent event, LogRecord entry) implements Ruling {
    }

    /** A final failure. */
    record Failed(SyncEvent event, Failure failure) implements Ruling {
    }

    /** Known already: nothing changes, the original event goes out again. */
    record Repeated(SyncEvent event) implements Ruling {
    }
}
