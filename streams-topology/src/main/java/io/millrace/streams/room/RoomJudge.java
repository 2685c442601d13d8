package io.millrace.streams.room;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.Failure;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.time.Instant;
import java.util.Optional;

/** Says what becomes of a message whose id is new: a function of the inbox record and the room alone (LOG-4). */
final class RoomJudge {
    private RoomJudge() {
    }

    /**
     * {@code author} is who wrote the entry the message wants to change, if the room still has it; {@code decidedAt} is the time the
     * scheduler stamped on the inbox record.
     */
    static Ruling judge(InboxRecord inbox, RoomSequence room, Optional<String> author, Instant decidedAt) {
        var objection = inbox.passes() ? objection(inbox.accepted(), author) : Optional.of(inbox.failure());
        return objection.map(cause -> fail(inbox, cause, decidedAt)).orElseGet(() -> append(inbox, room.next(), decidedAt));
    }

    /** Anyone may react to what is there; only its author and moderators may edit or delete it (LOG-3). */
    private static Optional<Cause> objection(AcceptedMessage accepted, Optional<String> author) {
        var message = accepted.message();
        if (!message.action().needsTarget()) {
            return Optional.empty();
        }
        if (author.isEmpty()) {
            return Optional.of(Cause.of(ErrorCode.TARGET_UNKNOWN, "unable to change seq " + message.target() + "; the room has no such message"));
        }
        if (message.action().isReaction() || accepted.moderator() || author.get().equals(accepted.sender())) {
            return Optional.empty();
        }
        return Optional.of(Cause.of(ErrorCode.FORBIDDEN, "unable to change seq " + message.target() + "; it is another sender's"));
    }

    private static Ruling append(InboxRecord inbox, RoomSequence place, Instant decidedAt) {
        var accepted = inbox.accepted();
        var entry = new LogRecord(accepted.message().room(), place.epoch(), place.seq(), Entry.of(accepted));
        return new Ruling.Appended(event(inbox, SyncState.SYNCED, null, place, decidedAt), entry);
    }

    private static Ruling fail(InboxRecord inbox, Cause cause, Instant decidedAt) {
        var accepted = inbox.accepted();
        var message = accepted.message();
        var failure = new Failure(message.id(), message.room(), accepted.sender(), message.session(), message.lane(), message.laneSeq(), cause,
                inbox.attempts(), message, decidedAt, null);
        return new Ruling.Failed(event(inbox, SyncState.FAILED, cause, null, decidedAt), failure);
    }

    private static SyncEvent event(InboxRecord inbox, SyncState state, Cause cause, RoomSequence place, Instant decidedAt) {
        var message = inbox.accepted().message();
        return new SyncEvent(message.id(), message.room(), message.session(), message.lane(), message.laneSeq(), state, inbox.attempt(),
                inbox.maxAttempts(), null, cause, place == null ? null : place.epoch(), place == null ? null : place.seq(), decidedAt);
    }
}
