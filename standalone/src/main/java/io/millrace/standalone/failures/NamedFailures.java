package io.millrace.standalone.failures;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Passes failures on that are named by id, and those of what was sent again for them: under its old id a message that failed again would
 * only get its last failure once more. A sender's failures come in the order they happened.
 */
public final class NamedFailures implements Consumer<StoredFailure> {
    private final Set<String> wanted;
    private final Consumer<StoredFailure> next;

    public NamedFailures(Collection<String> ids, Consumer<StoredFailure> next) {
        this.wanted = new HashSet<>(ids);
        this.next = next;
    }

    @Override
    public void accept(StoredFailure stored) {
        if (wanted.contains(stored.id())) {
            if (!stored.isUndecodable()) {
                wanted.add(Resent.id(stored.failure()));
            }
            next.accept(stored);
        }
    }
}
