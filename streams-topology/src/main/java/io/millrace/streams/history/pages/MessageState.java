package io.millrace.streams.history.pages;

import io.millrace.contract.message.Action;

/**
 * What became of the message created at {@code createSeq} (HIS-3): {@code version} is the last entry applied to it, {@code contentSeq} the
 * entry that holds its content, or its deletion. The content itself stays where it is, in the log.
 */
record MessageState(long createSeq, long version, long contentSeq, boolean deleted) {
    static MessageState created(long seq) {
        return new MessageState(seq, seq, seq, false);
    }

    /** A deletion is final: what comes after it is counted, never shown. A reaction leaves the content as it is. */
    MessageState after(long seq, Action action) {
        boolean changesContent = !deleted && !action.isReaction();
        return new MessageState(createSeq, seq, changesContent ? seq : contentSeq, deleted || action == Action.DELETE);
    }

    boolean isChanged() {
        return contentSeq != createSeq;
    }
}
