package io.millrace.standalone.replay.check;

import io.millrace.contract.record.Entry;

/** One entry of a room's log as a reader got it: its place and what it says. */
public record LogLine(String epoch, long seq, Entry entry) {
}
