package io.millrace.streams.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.Cause;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What asking the hook about one attempt came to (RUN-4). A value; whatever a hook says, the verdict made of it can be written. */
sealed interface HookAnswer {
    /** Why the message may not go on now; null where it may. */
    Cause failure();

    default HookVerdict verdictOn(HookAttempt attempt, Instant at) {
        var message = attempt.accepted().message();
        var change = this instanceof Allowed allowed ? allowed : Allowed.UNCHANGED;
        return new HookVerdict(attempt.accepted().sender(), message.session(), message.lane(), message.laneSeq(), message.room(), message.id(),
                attempt.attempt(), failure(), change.text(), change.data(), change.metadata(), at);
    }

    /** The message goes on; what is not null stands for what the sender wrote. */
    record Allowed(String text, JsonNode data, JsonNode metadata) implements HookAnswer {
        static final Allowed UNCHANGED = new Allowed(null, null, null);

        boolean changes() {
            return text != null || data != null || metadata != null;
        }

        @Override
        public Cause failure() {
            return null;
        }
    }

    /** The message must not go on, ever. {@code code} is the hook's own and may be null. */
    record Refused(String code, String message) implements HookAnswer {
        static final int MAX_CODE = 64;
        static final int MAX_MESSAGE = 256;

        public Refused {
            code = bounded(code, MAX_CODE);
            message = bounded(message, MAX_MESSAGE);
        }

        @Override
        public Cause failure() {
            return new Cause(ErrorCode.REFUSED, message == null ? "unable to sync the message; the hook refused it" : message, false, code);
        }

        private static String bounded(String text, int limit) {
            if (text == null || text.isEmpty()) {
                return null;
            }
            int end = Math.min(text.length(), limit);
            boolean splitsAPair = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) && Character.isLowSurrogate(text.charAt(end));
            String cut = text.substring(0, splitsAPair ? end - 1 : end);
            return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8); // half a surrogate pair becomes a question mark
        }
    }

    /** No verdict this time. It says nothing about the message, so it may pass. {@code detail} is for the operator's log alone, and may be null. */
    record Trouble(Kind kind, String reason, String detail) implements HookAnswer {
        Trouble(Kind kind, String reason) {
            this(kind, reason, null);
        }

        /** Why there is no verdict; the tag of the metric. */
        enum Kind {
            SILENCE, UNREACHABLE, STATUS, OVERSIZED, UNREADABLE, INVALID_CHANGE, CIRCUIT_OPEN, LATE, DEFECT
        }

        @Override
        public Cause failure() {
            return Cause.of(ErrorCode.HOOK_UNAVAILABLE, "unable to ask the hook; " + reason);
        }
    }

    /** Trouble, and the operator chose to let messages go on then ({@link OnUnavailable#ALLOW}). */
    record Unchecked(Trouble trouble) implements HookAnswer {
        @Override
        public Cause failure() {
            return null;
        }
    }
}
