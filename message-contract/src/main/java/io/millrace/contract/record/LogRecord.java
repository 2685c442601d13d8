package io.millrace.contract.record;

/** A record of the room log (LOG-0): {@code seq} is dense from 1 within {@code epoch} (LOG-1). Key: room. */
public record LogRecord(String room, String epoch, long seq, Entry entry) {
    public LogRecord {
        if (room == null || epoch == null || seq < 1 || entry == null) {
            throw new IllegalArgumentException("a log record needs room, epoch, seq from 1 and entry");
        }
    }
}
