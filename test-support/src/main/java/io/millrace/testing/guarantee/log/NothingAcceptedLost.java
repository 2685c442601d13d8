package io.millrace.testing.guarantee.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every message of {@code accepted}, by name, has one outcome: terminal events that all say the same, and an entry exactly if they say synced (ING-2, SYN-9). */
public record NothingAcceptedLost(Collection<String> accepted) implements LogGuarantee {
    @Override
    public void verify(Logged logged) {
        assertThat(accepted.stream().filter(name -> !logged.terminal().containsKey(name)).toList()).as("accepted messages without an outcome").isEmpty();
        Set<String> entries = logged.rooms().values().stream().flatMap(List::stream).map(NothingAcceptedLost::name).collect(Collectors.toSet());
        logged.terminal().forEach((name, events) -> {
            assertThat(events.stream().distinct().toList()).as("outcomes of %s", name).hasSize(1);
            assertThat(entries.contains(name)).as("%s has an entry", name).isEqualTo(isSynced(events.get(0)));
        });
        assertThat(logged.terminal().keySet()).as("messages with an outcome").containsAll(entries);
    }

    private static boolean isSynced(SyncEvent event) {
        return event.state() == SyncState.SYNCED;
    }

    private static String name(LogRecord record) {
        return Logged.name(record.entry().sender(), record.room(), record.entry().id());
    }
}
