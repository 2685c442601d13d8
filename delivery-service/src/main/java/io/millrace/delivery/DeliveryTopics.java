package io.millrace.delivery;

import io.millrace.contract.topic.TopicSettings;
import io.smallrye.config.ConfigMapping;

/** The topics as delivery reads them from the configuration (RUN-3). */
@ConfigMapping(prefix = "millrace.topics")
public interface DeliveryTopics extends TopicSettings {
}
