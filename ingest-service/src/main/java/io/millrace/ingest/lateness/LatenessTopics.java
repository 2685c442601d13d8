package io.millrace.ingest.lateness;

import io.millrace.contract.topic.TopicSettings;
import io.smallrye.config.ConfigMapping;

/** The settings {@code millrace.topics.*} as the watch of the pipeline reads them. */
@ConfigMapping(prefix = "millrace.topics")
public interface LatenessTopics extends TopicSettings {
}
