package io.millrace.streams.lane.queue;

import io.millrace.contract.record.Cause;
import java.util.Set;

/** What a message still needs before it may go on, as far as is known now (SYN-4). */
public sealed interface Need {
    Need NOTHING = new Nothing();
    Need VERDICT = new Verdict();

    record Nothing() implements Need {
    }

    /** These of its attachments are not uploaded yet. */
    record Uploads(Set<String> attachments) implements Need {
        public Uploads {
            attachments = Set.copyOf(attachments);
        }
    }

    /** The pre-sync hook has to say yes. */
    record Verdict() implements Need {
    }

    /** One of its attachments has failed: it can never go on. */
    record Impossible(Cause cause) implements Need {
    }
}
