package io.millrace.streams;

import java.time.Duration;

/** One thing that happens to the write path in a property test. */
sealed interface Step {
    /** So short that nothing is given up. */
    Duration A_MOMENT = Duration.ofMillis(300);
    /** So long that nothing is waited for any more. */
    Duration LONG = Duration.ofSeconds(70);

    record Send(Written message) implements Step {
    }

    record Upload(String sender, String attachment, boolean succeeds) implements Step {
    }

    record Pass(Duration time) implements Step {
        boolean isLong() {
            return time.equals(LONG);
        }
    }

    enum Event implements Step {
        COMMIT_SCHEDULER, CRASH_SCHEDULER, COMMIT_SEQUENCER, CRASH_SEQUENCER
    }
}
