package io.millrace.streams.runtime;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.HistoryView;
import io.millrace.streams.history.http.HistoryServer;
import io.millrace.streams.sync.SyncStateMeters;
import io.millrace.streams.sync.SyncStates;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** One running instance of the history view and the sync states, put together as the service does it but without a container. */
final class ViewInstance implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BoundedRocks.Memory memory;
    private final HistoryServer server;
    private final Map<String, ApplicationRunner> runners = new LinkedHashMap<>();

    ViewInstance(Map<String, Object> kafka, Topics topics, StreamsSettings settings, HistorySettings historySettings) {
        var meters = new HistoryMeters(registry);
        server = new HistoryServer(vertx, historySettings, meters);
        var history = new HistoryApplication(server, historySettings, topics, Topics.DEFAULT_LOG_RETENTION, meters, () -> streams(HistoryView.APPLICATION));
        var states = new SyncStatesApplication(server, historySettings, topics.syncEvents(), new SyncStateMeters(registry), () -> streams(SyncStates.APPLICATION));
        server.listen().toCompletionStage().toCompletableFuture().join();
        memory = new BoundedRocks.Memory(settings.rocksdbMemory().asLongValue());
        var shared = new SharedProperties(settings, kafka, server.address(), memory);
        for (var application : List.of(history.application(), states.application())) {
            runners.put(application.name(), new ApplicationRunner(application, shared.of(application), new TopicGate(kafka, topics, List.of()), settings, Clock.systemUTC()));
        }
        runners.values().forEach(ApplicationRunner::start);
    }

    String url() {
        var address = server.address();
        return "http://" + address.host() + ":" + address.port();
    }

    Condition condition() {
        return runners.get(HistoryView.APPLICATION).condition();
    }

    double requests(String outcome) {
        return registry.counter("millrace.history.requests", "outcome", outcome).count();
    }

    ViewInstance awaitRunning() {
        await().untilAsserted(() -> assertThat(runners.values()).extracting(ApplicationRunner::condition).hasOnlyElementsOfType(Condition.Running.class));
        return this;
    }

    private Optional<KafkaStreams> streams(String application) {
        return Optional.ofNullable(runners.get(application)).flatMap(ApplicationRunner::streams);
    }

    @Override
    public void close() {
        runners.values().forEach(ApplicationRunner::close);
        server.close().toCompletionStage().toCompletableFuture().join();
        memory.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
