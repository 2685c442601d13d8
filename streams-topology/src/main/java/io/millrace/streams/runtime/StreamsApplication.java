package io.millrace.streams.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.Topology;

/** One Kafka Streams application to run: its name, its topology, what it alone needs of Streams, and its clients if not Kafka's own. */
record StreamsApplication(String name, Supplier<Topology> topology, Map<String, Object> properties, Optional<KafkaClientSupplier> clients) {
}
