package io.millrace.streams.room;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ISOLATION_LEVEL_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;
import static org.apache.kafka.streams.StreamsConfig.PROCESSING_GUARANTEE_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.StoreKind;
import io.millrace.streams.WritePathMeters;
import io.millrace.tracing.Tracing;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The room sequencer: decides what becomes of each message, once: its seq in the room's log or its final failure, and the terminal event
 * of either (SYN-2, SYN-9, LOG-1). A deterministic function of its inbox, one inbox partition to one log partition (LOG-4).
 */
public final class RoomSequencer {
    /** Its name among the Streams applications. */
    public static final String APPLICATION = "room-sequencer";
    static final String ROOMS = "rooms";
    static final String OUTCOMES = "room-outcomes";
    static final String AUTHORS = "room-authors";
    static final String LOG = "to-room-log";
    static final String EVENTS = "to-sync-events";
    static final String FAILURES = "to-failures";
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(25);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final String INBOX = "room-inbox";
    private static final String ROOMS_IN_ORDER = "room-sequences";

    private final Topics topics;
    private final SequencerSettings settings;
    private final StoreKind stores;
    private final WritePathMeters meters;
    private final Tracing tracing;

    public RoomSequencer(Topics topics, SequencerSettings settings, StoreKind stores, WritePathMeters meters) {
        this(topics, settings, stores, meters, Tracing.off());
    }

    public RoomSequencer(Topics topics, SequencerSettings settings, StoreKind stores, WritePathMeters meters, Tracing tracing) {
        this.topics = topics;
        this.settings = settings;
        this.stores = stores;
        this.meters = meters;
        this.tracing = tracing;
    }

    /** What carries a guarantee among the Kafka Streams settings of this application; the rest is the runtime's choice. */
    public static Map<String, Object> guarantees() {
        return Map.of(
                // entry, event, failure, state and inbox position in one transaction (SYN-9)
                PROCESSING_GUARANTEE_CONFIG, EXACTLY_ONCE_V2,
                // how late a confirmation may be; the entry itself does not wait for it (DEL-5)
                COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL.toMillis(),
                producerPrefix(TRANSACTION_TIMEOUT_CONFIG), (int) TRANSACTION_TIMEOUT.toMillis(),
                producerPrefix(LINGER_MS_CONFIG), 0,
                // whatever stands in the inbox can be parked
                producerPrefix(MAX_REQUEST_SIZE_CONFIG), Topics.MAX_FAILURE_BYTES,
                // what an aborted transaction of the scheduler wrote is written again in the same order, and recognised here by its id
                mainConsumerPrefix(ISOLATION_LEVEL_CONFIG), "read_uncommitted",
                mainConsumerPrefix(AUTO_OFFSET_RESET_CONFIG), "earliest");
    }

    public Topology build() {
        var bytesOut = new ByteArraySerializer();
        var bytesIn = new ByteArrayDeserializer();
        var topology = new Topology();
        // A room's messages stand in one partition, in the order the scheduler let them go.
        topology.addSource(INBOX, bytesIn, bytesIn, topics.roomInbox().name());
        // Each gets its one outcome, in that order.
        topology.addProcessor(ROOMS_IN_ORDER, new Sequences(), INBOX);
        // The room's truth, in the partition the message came from.
        topology.addSink(LOG, topics.roomLog().name(), bytesOut, LogLine.SERIALIZER, LogLine.PARTITIONER, ROOMS_IN_ORDER);
        // What the sender is told, in the sender's partition.
        topology.addSink(EVENTS, topics.syncEvents().name(), bytesOut, bytesOut, ROOMS_IN_ORDER);
        // What failed for good, whole, and what nothing could decode.
        topology.addSink(FAILURES, topics.failures().name(), bytesOut, bytesOut, ROOMS_IN_ORDER);
        return topology;
    }

    private final class Sequences implements ProcessorSupplier<byte[], byte[], byte[], Object> {
        @Override
        public Processor<byte[], byte[], byte[], Object> get() {
            return new RoomProcessor(topics, settings, meters, tracing);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(stores.keyValue(ROOMS).withCachingEnabled(), stores.expiring(OUTCOMES, RoomStores.outcomesKeptFor(settings)),
                    stores.expiring(AUTHORS, RoomStores.authorsKeptFor(settings)));
        }
    }
}
