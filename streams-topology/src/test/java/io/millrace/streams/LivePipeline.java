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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * The real scheduler and the real sequencer against a real broker, in as many instances as a test starts. A death that a test plants ends
 * its instance; after any other one the thread is replaced, as often as the service does it, and {@link #verify()} says what killed it.
 */
public final class LivePipeline implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration TASK_TIMEOUT = Duration.ofDays(1);
    private static final int MAX_REPLACEMENTS = 5;
    private final Map<String, Object> kafka;
    private final Path state;
    private final Topics topics;
    private boolean named;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

    private record Instance(String name, KafkaStreams streams) {
    }

    public LivePipeline(Map<String, Object> kafka, Path state, Topics topics) {
        this.kafka = kafka;
        this.state = state;
        this.topics = topics;
    }

    /** Instances that start from now on are named members: one that starts again after its death takes its tasks back at once. */
    void nameMembers() {
        named = true;
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
        if (named) {
            properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
        }
        properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, TASK_TIMEOUT.toMillis());
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        // a thread that stands still is given up by then, though its heartbeats go on
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 12_000);
        properties.putAll(guarantees);
        var streams = new KafkaStreams(topology, new StreamsConfig(properties), clients);
        streams.setUncaughtExceptionHandler(this::replace);
        streams.start();
        instances.add(new Instance(application + " " + instance, streams));
        return streams;
    }

    private StreamThreadExceptionResponse replace(Throwable death) {
        if (FaultyClients.planned(death)) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        deaths.add(death);
        return deaths.size() > MAX_REPLACEMENTS ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Fails once threads have died more often than the service replaces them, with what they died of. */
    void verify() {
        if (deaths.size() > MAX_REPLACEMENTS) {
            var failure = new AssertionError("unable to keep the pipeline alive; " + condition(), deaths.get(0));
            deaths.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** What state the instances are in, and what threads died of without a test having planned it. */
    String condition() {
        return instances.stream().map(instance -> instance.name + " is " + instance.streams.state()).collect(Collectors.joining(", "))
                + "; unplanned deaths of threads: " + deaths;
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.streams.close(STOP));
    }
}
