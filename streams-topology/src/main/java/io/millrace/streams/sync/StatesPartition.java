package io.millrace.streams.sync;

import io.millrace.contract.history.StatesAnswer;
import io.millrace.streams.history.Progress;
import java.util.Collection;

/** One partition of the sync states while this process owns it: its store, and how far it has come; any thread. */
public final class StatesPartition extends Progress {
    /** States told of one id: it has one in each room it was used in, and a reply must end. */
    public static final int MOST_ROOMS = 16;

    private final StateStore store;

    StatesPartition(StateStore store) {
        this.store = store;
    }

    /** What became of these messages of {@code sender}; of an id that is not known, nothing. */
    public StatesAnswer states(String sender, Collection<String> ids) {
        return new StatesAnswer(ids.stream().distinct().flatMap(id -> store.find(sender, id, MOST_ROOMS).stream()).toList());
    }
}
