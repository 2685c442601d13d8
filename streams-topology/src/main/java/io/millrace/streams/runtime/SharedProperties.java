package io.millrace.streams.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** The Streams properties all applications share; those that carry a guarantee are written out. */
final class SharedProperties {
    private static final Duration TASK_TIMEOUT = Duration.ofDays(1);

    private final StreamsSettings settings;
    private final Map<String, Object> kafka;
    private final HostInfo applicationServer;
    private final BoundedRocks.Memory memory;

    SharedProperties(StreamsSettings settings, Map<String, Object> kafka, HostInfo applicationServer, BoundedRocks.Memory memory) {
        this.settings = settings;
        this.kafka = kafka;
        this.applicationServer = applicationServer;
        this.memory = memory;
    }

    /** All properties of {@code application}; its own override the shared ones. */
    Map<String, Object> of(StreamsApplication application) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationPrefix() + application.name());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, applicationServer.host() + ":" + applicationServer.port());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads().getOrDefault(application.name(), settings.defaultThreads()));
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        // Kafka being away is no reason to give a task up and its thread with it
        properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, TASK_TIMEOUT.toMillis());
        // the newer protocol fixes the session timeout on the broker, at 45 s
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // a generated name shifts with the topology, and the state under the old one would be left behind
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), Math.toIntExact(settings.sessionTimeout().toMillis()));
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), Math.toIntExact(settings.sessionTimeout().toMillis() / 4));
        // state must survive a broker: the changelog is only as durable as its acks
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocks.class);
        properties.put(BoundedRocks.MEMORY, memory);
        settings.instanceId().ifPresent(id -> properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
        properties.putAll(application.properties());
        return properties;
    }
}
