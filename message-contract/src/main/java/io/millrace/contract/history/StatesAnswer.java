package io.millrace.contract.history;

import io.millrace.contract.record.SyncEvent;
import java.util.List;

/** The states of a sender's messages from the store of sync states (SYN-11); what no event is kept of is in none. */
public record StatesAnswer(List<SyncEvent> states) {
    public StatesAnswer {
        states = List.copyOf(states);
    }
}
