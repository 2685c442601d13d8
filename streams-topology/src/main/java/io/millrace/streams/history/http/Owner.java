package io.millrace.streams.history.http;

import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Which instance of the history view answers for a room, as far as this one knows; any thread. */
public interface Owner {
    Optional<HostInfo> of(String room);
}
