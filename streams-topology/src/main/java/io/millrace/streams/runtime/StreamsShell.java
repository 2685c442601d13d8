package io.millrace.streams.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.rights.Purpose;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.StoreKind;
import io.millrace.streams.TopicConfig;
import io.millrace.streams.WritePathMeters;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.HistoryView;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.hook.HookSettings;
import io.millrace.streams.lane.LaneScheduler;
import io.millrace.streams.room.RoomSequencer;
import io.millrace.streams.sync.SyncStateMeters;
import io.millrace.streams.sync.SyncStates;
import io.millrace.tracing.Tracing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/** Brings the Streams applications and the history interface up with the process and down with it; the one place that knows all of them. */
@ApplicationScoped
public class StreamsShell {
    private final StreamsSettings settings;
    private final TopicConfig topicConfig;
    private final SyncConfig sync;
    private final HookSettings hook;
    private final Map<String, Object> kafka;
    private final StreamsMeters meters;
    private final WritePathMeters writePathMeters;
    private final Tracing tracing;
    private final HistoryServer server;
    private final HistoryApplication history;
    private final SyncStatesApplication syncStates;
    private volatile List<ApplicationRunner> runners = List.of();
    private BoundedRocks.Memory memory;

    StreamsShell(StreamsSettings settings, TopicConfig topicConfig, SyncConfig sync, HookSettings hook, HistorySettings historySettings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka, Vertx vertx, MeterRegistry registry, Tracing tracing) {
        this.settings = settings;
        this.topicConfig = topicConfig;
        this.sync = sync;
        this.hook = hook;
        this.kafka = new HashMap<>(kafka);
        this.kafka.remove(ConsumerConfig.GROUP_ID_CONFIG); // each application is its own group
        this.meters = new StreamsMeters(registry);
        this.tracing = tracing;
        this.writePathMeters = new WritePathMeters(registry, topicConfig.topics());
        var historyMeters = new HistoryMeters(registry);
        this.server = new HistoryServer(vertx, historySettings, historyMeters); // listens before Streams starts: its port is part of the applications' address
        this.history = new HistoryApplication(server, historySettings, topicConfig.topics(), topicConfig.roomLogRetention(), historyMeters,
                () -> streams(HistoryView.APPLICATION));
        this.syncStates = new SyncStatesApplication(server, historySettings, topicConfig.topics().syncEvents(), new SyncStateMeters(registry),
                () -> streams(SyncStates.APPLICATION));
    }

    /** Where the history interface listens, once the process has started; its port is the real one where 0 was configured. */
    public HostInfo historyAddress() {
        return server.address();
    }

    List<ApplicationRunner> runners() {
        return runners;
    }

    void start(@Observes StartupEvent started) {
        server.listen().toCompletionStage().toCompletableFuture().join();
        memory = new BoundedRocks.Memory(settings.rocksdbMemory().asLongValue());
        var shared = new SharedProperties(settings, kafka, historyAddress(), memory);
        var gate = new TopicGate(kafka, topicConfig.topics(), rights());
        runners = applications(topicConfig.topics()).stream()
                .map(application -> new ApplicationRunner(application, shared.of(application), gate, settings, Clock.systemUTC()))
                .toList();
        runners.forEach(meters::watch);
        runners.forEach(ApplicationRunner::start);
    }

    void stop(@Observes ShutdownEvent stopping) {
        CompletableFuture.allOf(runners.stream().map(runner -> CompletableFuture.runAsync(runner::close)).toArray(CompletableFuture[]::new)).join();
        server.close().toCompletionStage().toCompletableFuture().join();
        if (memory != null) {
            memory.close();
        }
    }

    private List<KafkaRight> rights() {
        return KafkaRights.of(KafkaRole.STREAMS, topicConfig.prefix(), settings.applicationPrefix()).stream()
                .filter(right -> right.purpose() == Purpose.CORE || hook.url().isPresent()).toList();
    }

    private List<StreamsApplication> applications(Topics topics) {
        var scheduler = new LaneScheduler(topics, sync.lanes(hook), StoreKind.ON_DISK, writePathMeters, tracing);
        var sequencer = new RoomSequencer(topics, sync.sequencer(topicConfig.roomLogRetention()), StoreKind.ON_DISK, writePathMeters, tracing);
        return List.of(
                new StreamsApplication(LaneScheduler.APPLICATION, scheduler::build, LaneScheduler.guarantees(), Optional.empty()),
                new StreamsApplication(RoomSequencer.APPLICATION, sequencer::build, RoomSequencer.guarantees(), Optional.empty()),
                history.application(),
                syncStates.application());
    }

    private Optional<KafkaStreams> streams(String application) {
        return runners.stream().filter(runner -> runner.name().equals(application)).findFirst().flatMap(ApplicationRunner::streams);
    }
}
