package io.millrace.streams.room;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A record of the room log on its way to the partition its inbox record came from: one inbox partition, one log partition (LOG-4). */
record LogLine(int partition, byte[] value) {
    static final Serializer<LogLine> SERIALIZER = (topic, line) -> line.value;
    static final StreamPartitioner<byte[], LogLine> PARTITIONER = (topic, key, line, partitions) -> Optional.of(Set.of(line.partition));
}
