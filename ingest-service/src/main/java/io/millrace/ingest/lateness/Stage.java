package io.millrace.ingest.lateness;

import io.millrace.contract.topic.Topic;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** A part of the pipeline behind ingest: the consumer group that does it, and what it reads. */
record Stage(String group, List<TopicPartition> reads) {
    static Stage of(String group, List<Topic<?>> topics) {
        return new Stage(group, topics.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions()).mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList());
    }
}
