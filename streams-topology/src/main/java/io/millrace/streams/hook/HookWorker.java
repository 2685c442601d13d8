package io.millrace.streams.hook;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.TopicConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * Answers every attempt of the lane scheduler with a verdict of the pre-sync hook (SYN-10), at least once: an attempt is acknowledged
 * when its verdict is durable. Calls overlap, also within a partition: order is the scheduler's. Without a configured hook the
 * channels are never subscribed, and their clients (lazy) never made.
 */
@ApplicationScoped
class HookWorker {
    private final HookSettings settings;
    private final Vertx vertx;
    private final MeterRegistry registry;
    private final Topics topics;
    private final HookLog log = new HookLog();
    private HookEndpoint endpoint;

    HookWorker(HookSettings settings, TopicConfig topicConfig, Vertx vertx, MeterRegistry registry) {
        this.settings = settings;
        this.vertx = vertx;
        this.registry = registry;
        topics = topicConfig.topics();
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
        var circuit = new HookCircuit(endpoint, settings.circuitDelay(), metrics, log);
        log.working(settings, url.getHost());
        return attempts.onItem().transformToUni(record -> judge(record, circuit, metrics)).merge(settings.concurrency());
    }

    private Uni<Message<byte[]>> judge(Message<byte[]> record, HookCircuit circuit, HookMetrics metrics) {
        HookAttempt attempt;
        try {
            attempt = topics.hookAttempts().decode(record.getPayload());
        } catch (Topic.UndecodableRecord e) {
            metrics.undecodable();
            record.getMetadata(IncomingKafkaRecordMetadata.class).ifPresent(at -> log.undecodable(at.getTopic(), at.getPartition(), at.getOffset()));
            return Uni.createFrom().completionStage(record.ack()).onItem().transform(done -> null);
        }
        metrics.attempted();
        return circuit.ask(attempt).map(answer -> verdict(record, attempt, settings.onUnavailable().settle(answer), metrics));
    }

    private Message<byte[]> verdict(Message<byte[]> record, HookAttempt attempt, HookAnswer answer, HookMetrics metrics) {
        var verdict = answer.verdictOn(attempt, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        var event = verdict.sender() + "/" + verdict.room() + "/" + verdict.id() + "/" + verdict.attempt();
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.add(headers, RecordHeaders.cloudEvent(topics.hookVerdicts(), "hook-worker", event, verdict.sender(), verdict.at()));
        var metadata = OutgoingKafkaRecordMetadata.builder().withKey(verdict.sender()).withTimestamp(verdict.at()).withHeaders(headers).build();
        return Message.of(topics.hookVerdicts().encode(verdict), Metadata.of(metadata), () -> {
            metrics.given(answer);
            return record.ack();
        }, record::nack);
    }

    @PreDestroy
    void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
