package io.millrace.streams.hook;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.TopicConfig;
import io.millrace.tracing.Tracing;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * The hook worker's life in the service (SYN-10): between its two channels, calls overlap up to a bound and what exceeds it waits in
 * Kafka. Without a configured hook the channels are never subscribed, and their clients (lazy) never made.
 */
@ApplicationScoped
class HookWorker {
    private final HookSettings settings;
    private final Topics topics;
    private final Vertx vertx;
    private final MeterRegistry registry;
    private final Tracing tracing;
    private HookEndpoint endpoint;

    HookWorker(HookSettings settings, TopicConfig topicConfig, Vertx vertx, MeterRegistry registry, Tracing tracing) {
        this.settings = settings;
        topics = topicConfig.topics();
        this.vertx = vertx;
        this.registry = registry;
        this.tracing = tracing;
    }

    @Incoming("hook-attempts")
    @Outgoing("hook-verdicts")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Multi<Message<byte[]>> judge(Multi<Message<byte[]>> attempts) {
        return settings.endpoint().map(url -> judge(attempts, url)).orElseGet(() -> Multi.createFrom().nothing());
    }

    private Multi<Message<byte[]>> judge(Multi<Message<byte[]>> attempts, URI url) {
        endpoint = new HookEndpoint(vertx, url, settings);
        var metrics = new HookMetrics(registry, settings.concurrency());
        var log = new HookLog();
        var circuit = new HookCircuit(endpoint, settings.circuitDelay(), metrics, log);
        var judge = new HookJudge(topics, settings, circuit, metrics, log, Clock.systemUTC(), tracing);
        log.working(settings, url.getHost());
        return attempts.onItem().transformToUni(judge::verdict).merge(settings.concurrency());
    }

    @PreDestroy
    void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
