package io.millrace.streams.runtime;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistoryMeters;
import io.millrace.streams.history.HistorySettings;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** One running instance of the history view, put together as the service does it but without a container. */
final class ViewInstance implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BoundedRocks.Memory memory;
    private final HistoryApplication application;
    private final ApplicationRunner runner;

    ViewInstance(Map<String, Object> kafka, Topics topics, StreamsSettings settings, HistorySettings historySettings) {
        application = new HistoryApplication(vertx, historySettings, topics, Topics.DEFAULT_LOG_RETENTION, new HistoryMeters(registry), this::streams);
        application.server().listen().toCompletionStage().toCompletableFuture().join();
        memory = new BoundedRocks.Memory(settings.rocksdbMemory().asLongValue());
        var properties = new SharedProperties(settings, kafka, application.server().address(), memory).of(application.application());
        runner = new ApplicationRunner(application.application(), properties, new TopicGate(kafka, topics), settings, Clock.systemUTC());
        runner.start();
    }

    String url() {
        var address = application.server().address();
        return "http://" + address.host() + ":" + address.port();
    }

    Condition condition() {
        return runner.condition();
    }

    double requests(String outcome) {
        return registry.counter("millrace.history.requests", "outcome", outcome).count();
    }

    ViewInstance awaitRunning() {
        await().atMost(Duration.ofSeconds(60)).until(() -> runner.condition() instanceof Condition.Running);
        return this;
    }

    private Optional<KafkaStreams> streams() {
        return runner == null ? Optional.empty() : runner.streams();
    }

    @Override
    public void close() {
        runner.close();
        application.server().close().toCompletionStage().toCompletableFuture().join();
        memory.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
