package io.millrace.contract.topic;

import java.time.Duration;

/** The settings {@code millrace.topics.*} (RUN-3), the same for every service; each maps them from its own configuration. */
public interface TopicSettings {
    String prefix();

    int partitions();

    Duration roomLogRetention();

    default Topics topics() {
        return Topics.of(prefix(), partitions(), roomLogRetention());
    }
}
