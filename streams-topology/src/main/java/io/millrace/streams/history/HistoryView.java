package io.millrace.streams.history;

import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
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
 * The topology that turns the room log into pages (HIS): every entry under its room, epoch and seq, and a head per room; and that counts
 * the discontinuities of each room (CON-6). At least once is enough, because putting or counting a record twice changes nothing.
 */
public final class HistoryView {
    public static final String APPLICATION = "history-view";
    public static final String STORE = "room-pages";
    public static final String LOSSES = "room-losses";

    private final Topic<LogRecord> roomLog;
    private final Topic<Discontinuity> discontinuities;
    private final Duration retention;
    private final HistorySettings settings;
    private final ViewPartitions<ViewPartition> partitions;
    private final HistoryMeters meters;

    public HistoryView(Topics topics, Duration retention, HistorySettings settings, ViewPartitions<ViewPartition> partitions, HistoryMeters meters) {
        this.roomLog = topics.roomLog();
        this.discontinuities = topics.discontinuities();
        this.retention = retention;
        this.settings = settings;
        this.partitions = partitions;
        this.meters = meters;
    }

    public Topology build() {
        var topology = new Topology();
        // Every record of the log, as bytes: what cannot be decoded is the processor's to count. A bad timestamp is no reason to skip one.
        topology.addSource(AutoOffsetReset.earliest(), "read-room-log", (record, partitionTime) -> Math.max(0, record.timestamp()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer(), roomLog.name());
        // One processor per partition keeps the pages and answers for them.
        topology.addProcessor("keep-pages", new Pages(), "read-room-log");
        // What delivery could not give its clients, in tasks of its own: pages never wait for it.
        topology.addSource(AutoOffsetReset.earliest(), "read-discontinuities", (record, partitionTime) -> Math.max(0, record.timestamp()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer(), discontinuities.name());
        // One small count per room and reason.
        topology.addProcessor("count-losses", new Counts(), "read-discontinuities");
        return topology;
    }

    /** What this application needs of Streams beyond what all of them share. */
    public Map<String, Object> properties() {
        return Map.of(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis(),
                // a sequencer's aborted transaction is no entry (LOG-1)
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    }

    private final class Pages implements ProcessorSupplier<byte[], byte[], Void, Void> {
        @Override
        public Processor<byte[], byte[], Void, Void> get() {
            return new RoomLogProcessor(settings, roomLog.partitions(), retention, partitions, meters);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                    .withCachingDisabled()
                    .withLoggingEnabled(Map.of()));
        }
    }

    private final class Counts implements ProcessorSupplier<byte[], byte[], Void, Void> {
        @Override
        public Processor<byte[], byte[], Void, Void> get() {
            return new LossProcessor(discontinuities, meters);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(LOSSES), Serdes.ByteArray(), Serdes.ByteArray())
                    .withCachingDisabled()
                    .withLoggingEnabled(Map.of()));
        }
    }
}
