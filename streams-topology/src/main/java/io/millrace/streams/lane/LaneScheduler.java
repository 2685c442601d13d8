package io.millrace.streams.lane;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.COMMIT_INTERVAL_MS_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;
import static org.apache.kafka.streams.StreamsConfig.MAX_TASK_IDLE_MS_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.PROCESSING_GUARANTEE_CONFIG;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;
import static org.apache.kafka.streams.StreamsConfig.topicPrefix;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.StoreKind;
import io.millrace.streams.WritePathMeters;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.Settling;
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
 * The lane scheduler: reads both lane topics by sender and hands messages on to the room inbox when their turn has come (SYN-1, SYN-3).
 * It says nothing final: a failure, too, is an inbox record. Nobody waits for its commits: the sequencer reads the inbox uncommitted and
 * recognises what is repeated.
 */
public final class LaneScheduler {
    /** Its name among the Streams applications. */
    public static final String APPLICATION = "lane-scheduler";
    static final String LANES = "lanes";
    static final String WAITING = "lane-waiting";
    static final String WAKES = "lane-wakes";
    static final String UPLOADS = "lane-uploads";
    static final String INBOX = "to-room-inbox";
    static final String HOOK = "to-hook-attempts";
    static final String EVENTS = "to-sync-events";
    static final String FAILURES = "to-failures";
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final String MESSAGES = "lane-messages";
    private static final String ATTACHMENTS = "attachment-outcomes";
    private static final String VERDICTS = "hook-verdicts";
    private static final String QUEUES = "lane-queues";

    private final Topics topics;
    private final LaneSettings settings;
    private final StoreKind stores;
    private final WritePathMeters meters;
    private final Tracing tracing;

    public LaneScheduler(Topics topics, LaneSettings settings, StoreKind stores, WritePathMeters meters) {
        this(topics, settings, stores, meters, Tracing.off());
    }

    public LaneScheduler(Topics topics, LaneSettings settings, StoreKind stores, WritePathMeters meters, Tracing tracing) {
        this.topics = topics;
        this.settings = settings;
        this.stores = stores;
        this.meters = meters;
        this.tracing = tracing;
    }

    /** What carries a guarantee among the Kafka Streams settings of this application; the rest is the runtime's choice. */
    public static Map<String, Object> guarantees() {
        return Map.ofEntries(
                // state and input position move together, so a crash never leaves a lane that has gone on without its message
                Map.entry(PROCESSING_GUARANTEE_CONFIG, EXACTLY_ONCE_V2),
                Map.entry(COMMIT_INTERVAL_MS_CONFIG, Settling.COMMIT_INTERVAL.toMillis()),
                Map.entry(producerPrefix(TRANSACTION_TIMEOUT_CONFIG), (int) TRANSACTION_TIMEOUT.toMillis()),
                Map.entry(producerPrefix(LINGER_MS_CONFIG), 0),
                // whatever stands on a topic can be parked, and whatever came can be kept waiting
                Map.entry(producerPrefix(MAX_REQUEST_SIZE_CONFIG), Topics.MAX_FAILURE_BYTES),
                Map.entry(topicPrefix(MAX_MESSAGE_BYTES_CONFIG), Integer.toString(Topics.MAX_FAILURE_BYTES)),
                // a new application starts with what was accepted before it
                Map.entry(mainConsumerPrefix(AUTO_OFFSET_RESET_CONFIG), "earliest"),
                // one lane never waits for the other's topic (SYN-5)
                Map.entry(MAX_TASK_IDLE_MS_CONFIG, -1L));
    }

    public Topology build() {
        var bytesOut = new ByteArraySerializer();
        var bytesIn = new ByteArrayDeserializer();
        var topology = new Topology();
        // Both lanes of a sender stand in the same partition number, so one task sees all of a sender.
        topology.addSource(MESSAGES, bytesIn, bytesIn, topics.text().name(), topics.media().name());
        // What messages may wait for: their attachments, and what the hook says.
        topology.addSource(ATTACHMENTS, bytesIn, bytesIn, topics.attachments().name());
        topology.addSource(VERDICTS, bytesIn, bytesIn, topics.hookVerdicts().name());
        // Each lane lets its messages go on in order, holds what comes early or needs something, and wakes by the clock.
        topology.addProcessor(QUEUES, new Queues(), MESSAGES, ATTACHMENTS, VERDICTS);
        // What may go on, or must fail, goes to its room's partition.
        topology.addSink(INBOX, topics.roomInbox().name(), bytesOut, bytesOut, QUEUES);
        // What waits for the hook is put to it outside of here.
        topology.addSink(HOOK, topics.hookAttempts().name(), bytesOut, bytesOut, QUEUES);
        // What waits is told to its sender; final words come from the sequencer alone.
        topology.addSink(EVENTS, topics.syncEvents().name(), bytesOut, bytesOut, QUEUES);
        // What nothing can decode is parked, and the partition goes on.
        topology.addSink(FAILURES, topics.failures().name(), bytesOut, bytesOut, QUEUES);
        return topology;
    }

    private final class Queues implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
        @Override
        public Processor<byte[], byte[], byte[], byte[]> get() {
            return new LaneProcessor(topics, settings, meters, tracing);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(stores.keyValue(LANES).withCachingEnabled(), stores.keyValue(WAITING), stores.keyValue(WAKES), stores.expiring(UPLOADS, Uploads.KEPT));
        }
    }
}
