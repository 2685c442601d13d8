package io.millrace.streams.history.pages;

import io.millrace.contract.message.Action;

/**
 * What became of the message created at {@code createSeq} (HIS-3): {@code version} is the last entry applied to it, {@code contentSeq} the
 * entry that holds its content, or its deletion. The content itself stays where it is, in the log; its reactions are summed up here.
 */
record MessageState(long createSeq, long version, long contentSeq, boolean deleted, Reactions reactions) {
    static MessageState created(long seq) {
        return new MessageState(seq, seq, seq, false, Reactions.NONE);
    }

    /** A deletion is final: what comes after it is counted, never shown. A reaction leaves the content as it is. */
    MessageState after(long seq, Action action) {
        boolean changesContent = !deleted && !action.isReaction();
        boolean gone = deleted || action == Action.DELETE;
        return new MessageState(createSeq, seq, changesContent ? seq : contentSeq, gone, gone ? Reactions.NONE : reactions);
    }

    MessageState with(Reactions changed) {
        return new MessageState(createSeq, version, contentSeq, deleted, changed);
    }

    boolean isChanged() {
        return contentSeq != createSeq;
    }
}
