package io.millrace.streams.hook;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.HookAttempt;
import java.time.Instant;

/** Messages and attempts that differ only in what a test cares about. */
final class HookFixtures {
    static final Instant AT = Instant.parse("2026-11-22T05:00:00Z");

    private HookFixtures() {
    }

    static Message text(String room, String id) {
        return new Message(id, room, "s1", 1L, Action.CREATE, MessageType.TEXT, "hello", null, null, null, null, null, null);
    }

    static HookAttempt attempt(String room, String id, int attempt) {
        return new HookAttempt(new AcceptedMessage("ana", AT, false, text(room, id)), attempt);
    }
}
