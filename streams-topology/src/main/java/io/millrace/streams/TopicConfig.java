package io.millrace.streams;

import io.millrace.contract.topic.TopicSettings;
import io.smallrye.config.ConfigMapping;

/** The settings {@code millrace.topics.*} as this service reads them. */
@ConfigMapping(prefix = "millrace.topics")
public interface TopicConfig extends TopicSettings {
}
