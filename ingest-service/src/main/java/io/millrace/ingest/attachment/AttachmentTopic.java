package io.millrace.ingest.attachment;

import io.millrace.contract.topic.TopicSettings;
import io.smallrye.config.ConfigMapping;

/** The settings {@code millrace.topics.*}, of which attachments need the one topic their outcomes go to. */
@ConfigMapping(prefix = "millrace.topics")
interface AttachmentTopic extends TopicSettings {
}
