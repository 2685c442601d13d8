package io.millrace.streams.sync;

import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.ViewPartitions;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology that keeps what became of each message, as long as the topic of sync events does (SYN-11). At least once is enough: an event
 * kept twice changes nothing.
 */
public final class SyncStates {
    public static final String APPLICATION = "sync-states";
    public static final String STORE = "message-states";

    private final Topic<SyncEvent> syncEvents;
    private final HistorySettings settings;
    private final ViewPartitions<StatesPartition> partitions;
    private final SyncStateMeters meters;

    public SyncStates(Topic<SyncEvent> syncEvents, HistorySettings settings, ViewPartitions<StatesPartition> partitions, SyncStateMeters meters) {
        this.syncEvents = syncEvents;
        this.settings = settings;
        this.partitions = partitions;
        this.meters = meters;
    }

    public Topology build() {
        var topology = new Topology();
        // Every event, as bytes: what cannot be decoded is the processor's to count. A bad timestamp is no reason to skip one.
        topology.addSource(AutoOffsetReset.earliest(), "read-sync-events", (record, partitionTime) -> Math.max(0, record.timestamp()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer(), syncEvents.name());
        // One processor per partition keeps the last word on each message and answers for it.
        topology.addProcessor("keep-states", new States(), "read-sync-events");
        return topology;
    }

    /** What this application needs of Streams beyond what all of them share. */
    public Map<String, Object> properties() {
        return Map.of(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis(),
                // what a transaction took back never became of anything (SYN-9)
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    }

    private final class States implements ProcessorSupplier<byte[], byte[], Void, Void> {
        @Override
        public Processor<byte[], byte[], Void, Void> get() {
            return new SyncEventProcessor(settings, syncEvents, partitions, meters);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                    .withCachingDisabled()
                    .withLoggingEnabled(Map.of()));
        }
    }
}
