package io.millrace.standalone.failures;

import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Of all failures that a filter accepts, the newest {@code limit}, and how many there were: however long the topic is, so many are kept. */
public final class NewestFailures implements Consumer<StoredFailure> {
    private final FailureFilter filter;
    private final int limit;
    private final PriorityQueue<StoredFailure> newest = new PriorityQueue<>(StoredFailure.BY_TIME);
    private long accepted;

    public NewestFailures(FailureFilter filter, int limit) {
        this.filter = filter;
        this.limit = limit;
    }

    @Override
    public void accept(StoredFailure stored) {
        if (filter.accepts(stored)) {
            accepted++;
            newest.add(stored);
            if (newest.size() > limit) {
                newest.remove();
            }
        }
    }

    /** Oldest first. */
    public List<StoredFailure> list() {
        return newest.stream().sorted(StoredFailure.BY_TIME).toList();
    }

    public long accepted() {
        return accepted;
    }

    public boolean isCut() {
        return accepted > newest.size();
    }
}
