package io.millrace.streams.history.http;

import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Which instance of a view answers for a key, as far as this one knows; any thread. */
public interface Owner {
    Optional<HostInfo> of(String key);
}
