package io.millrace.streams.lane.queue;

import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What keeps a lane's head from going on, or that nothing does. All times are ms since the epoch, of the scheduler's clock. */
public sealed interface Head {
    long NEVER = Long.MAX_VALUE;
    Head OPEN = new Open();
    /** After a start or a pause, what came meanwhile is read before a deadline counts. */
    Duration CATCH_UP = Duration.ofSeconds(5);

    /** When this head wants to be looked at again; {@code resumedAt} is when the scheduler last came back from a start or a pause. */
    long dueAt(LaneSettings settings, long resumedAt);

    /** Whether the message at the head is here and waits for something, rather than being expected. */
    default boolean waits() {
        return true;
    }

    /** Nothing waits: the next position goes on as it comes. */
    record Open() implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return NEVER;
        }

        @Override
        public boolean waits() {
            return false;
        }
    }

    /** The next position has not come, though later ones have, the first of them at {@code since}: a hole (SYN-3). */
    record Missing(long since) implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return Math.max(since, resumedAt) + settings.gapTimeout().toMillis();
        }

        @Override
        public boolean waits() {
            return false;
        }
    }

    /** The lane goes past its hole, once that decision has settled. */
    record Passing(Settling settling) implements Head {
        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return settling.dueAt();
        }
    }

    /** These attachments are not uploaded yet; this is no attempt (SYN-4). */
    record Uploading(long deadline, Set<String> attachments) implements Head {
        public Uploading {
            attachments = Set.copyOf(attachments);
        }

        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return Math.max(deadline, resumedAt + CATCH_UP.toMillis());
        }
    }

    /** The hook was asked and has until {@code deadline} to answer; {@code failed} are the attempts before this one. */
    record Asking(List<FailedAttempt> failed, long deadline) implements Head {
        public Asking {
            failed = List.copyOf(failed);
        }

        public int attempt() {
            return failed.size() + 1;
        }

        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return Math.max(deadline, resumedAt + CATCH_UP.toMillis());
        }
    }

    /** The last of {@code failed} was trouble that may pass; the next attempt is made at {@code nextAttemptAt}. */
    record Pausing(List<FailedAttempt> failed, long nextAttemptAt) implements Head {
        public Pausing {
            failed = List.copyOf(failed);
        }

        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return nextAttemptAt;
        }
    }

    /** Time has run out: the message fails with {@code cause}, once that decision has settled. */
    record Failing(List<FailedAttempt> failed, Cause cause, Settling settling) implements Head {
        public Failing {
            failed = List.copyOf(failed);
        }

        @Override
        public long dueAt(LaneSettings settings, long resumedAt) {
            return settling.dueAt();
        }
    }
}
