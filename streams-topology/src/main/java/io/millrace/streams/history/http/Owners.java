package io.millrace.streams.history.http;

import io.millrace.contract.history.LossAnswer;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Which instance of the history view answers for a room, as far as this one knows, and what this one has counted itself; any thread. */
public interface Owners {
    Optional<HostInfo> ofPages(String room);

    Optional<HostInfo> ofLosses(String room);

    /** Blocks on the store. Throws {@link org.apache.kafka.streams.errors.InvalidStateStoreException} while partitions move. */
    LossAnswer losses(String room);
}
