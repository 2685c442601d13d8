package io.millrace.streams;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.lane.LaneScheduler;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.room.RoomSequencer;
import io.millrace.streams.room.SequencerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** The real scheduler and the real sequencer against a real broker, in as many instances as a test starts. */
public final class LivePipeline implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(20);
    private final Map<String, Object> kafka;
    private final Path state;
    private final Topics topics;
    private final List<KafkaStreams> running = new ArrayList<>();

    public LivePipeline(Map<String, Object> kafka, Path state, Topics topics) {
        this.kafka = kafka;
        this.state = state;
        this.topics = topics;
    }

    /** {@code instance} names the state directory: the same name again is a restart of the same instance. */
    public KafkaStreams scheduler(String instance, LaneSettings settings, FaultyClients clients) {
        return start(new LaneScheduler(topics, settings, StoreKind.ON_DISK, WritePathMeters.unseen()).build(), "lane-scheduler", instance, LaneScheduler.guarantees(), clients);
    }

    public KafkaStreams sequencer(String instance, FaultyClients clients) {
        return start(new RoomSequencer(topics, SequencerSettings.DEFAULTS, StoreKind.ON_DISK, WritePathMeters.unseen()).build(), "room-sequencer", instance, RoomSequencer.guarantees(), clients);
    }

    private KafkaStreams start(Topology topology, String application, String instance, Map<String, Object> guarantees, FaultyClients clients) {
        var properties = new Properties();
        properties.putAll(kafka);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.resolve(instance).toString());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        // a thread that stands still is given up by then, though its heartbeats go on
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 12_000);
        properties.putAll(guarantees);
        var streams = new KafkaStreams(topology, new StreamsConfig(properties), clients);
        streams.setUncaughtExceptionHandler(failure -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        streams.start();
        running.add(streams);
        return streams;
    }

    @Override
    public void close() {
        running.forEach(streams -> streams.close(STOP));
    }
}
