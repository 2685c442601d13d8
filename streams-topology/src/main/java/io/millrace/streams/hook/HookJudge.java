package io.millrace.streams.hook;

import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Turns each attempt of the lane scheduler into a verdict (SYN-10), at least once: the attempt is acknowledged when its verdict is
 * durable. Calls overlap, also within a partition: order is the scheduler's. On event loops.
 */
final class HookJudge {
    private final Topics topics;
    private final HookSettings settings;
    private final HookCircuit circuit;
    private final HookMetrics metrics;
    private final HookLog log;
    private final Clock clock;
    private final Tracing tracing;
    private final Outgoing outgoing = new Outgoing("hook-worker");

    HookJudge(Topics topics, HookSettings settings, HookCircuit circuit, HookMetrics metrics, HookLog log, Clock clock, Tracing tracing) {
        this.topics = topics;
        this.settings = settings;
        this.circuit = circuit;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
        this.tracing = tracing;
    }

    /** The verdict on the attempt in {@code record}; null where the record holds none, which is then acknowledged. Never fails. */
    Uni<Message<byte[]>> verdict(Message<byte[]> record) {
        var read = record.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        HookAttempt attempt;
        try {
            attempt = topics.hookAttempts().decode(record.getPayload());
        } catch (Topic.UndecodableRecord e) {
            metrics.undecodable();
            log.undecodable(read.getTopic(), read.getPartition(), read.getOffset());
            return Uni.createFrom().completionStage(record.ack()).onItem().transform(done -> null);
        }
        metrics.attempted();
        var trace = TraceContext.of(read.getHeaders());
        var step = tracing.step("hook attempt " + attempt.attempt(), trace, clock.instant());
        boolean late = read.getTimestamp().plus(settings.verdictTimeout()).isBefore(clock.instant());
        var answer = late ? circuit.tooLate() : circuit.ask(attempt, step.context());
        return answer.map(settings.onUnavailable()::settle).map(settled -> {
            step.with("millrace.verdict", HookMetrics.verdict(settled)).end();
            return message(attempt, settled, trace, record);
        });
    }

    private Message<byte[]> message(HookAttempt attempt, HookAnswer answer, TraceContext trace, Message<byte[]> asked) {
        var verdict = answer.verdictOn(attempt, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var event = verdict.sender() + "/" + verdict.room() + "/" + verdict.id() + "/" + verdict.attempt();
        var record = outgoing.record(topics.hookVerdicts(), verdict.sender(), topics.hookVerdicts().encode(verdict), event, verdict.at(), trace);
        var metadata = OutgoingKafkaRecordMetadata.builder().withKey(record.key()).withTimestamp(verdict.at()).withHeaders(record.headers()).build();
        return Message.of(record.value(), Metadata.of(metadata), () -> {
            metrics.given(answer);
            return asked.ack();
        }, asked::nack);
    }
}
