package io.millrace.delivery;

import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.topic.RecordHeaders;
import io.millrace.contract.topic.Topic;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Records each discontinuity on its topic (CON-6). Never blocks; what finds the buffer full is counted as unrecorded. */
@ApplicationScoped
public class DiscontinuityRecords {
    private final Emitter<byte[]> channel;
    private final Topic<Discontinuity> topic;
    private final DeliveryMetrics metrics;

    @Inject
    DiscontinuityRecords(@Channel("discontinuities") @OnOverflow(OnOverflow.Strategy.BUFFER) Emitter<byte[]> channel,
                         DeliveryTopics topics, DeliveryMetrics metrics) {
        this.channel = channel;
        this.topic = topics.topics().discontinuities();
        this.metrics = metrics;
    }

    void add(Discontinuity discontinuity) {
        try {
            channel.send(Message.of(topic.encode(discontinuity))
                    .addMetadata(metadata(discontinuity))
                    .withAck(this::recorded)
                    .withNack(this::unrecorded));
        } catch (IllegalStateException e) {
            unrecorded(e);
        }
    }

    private OutgoingKafkaRecordMetadata<String> metadata(Discontinuity discontinuity) {
        var headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.add(headers, RecordHeaders.cloudEvent(topic, "delivery", UUID.randomUUID().toString(), discontinuity.room(), discontinuity.at()));
        return OutgoingKafkaRecordMetadata.<String>builder().withKey(discontinuity.room()).withHeaders(headers).build();
    }

    private CompletableFuture<Void> recorded() {
        metrics.recorded.increment();
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> unrecorded(Throwable cause) {
        metrics.unrecorded.increment();
        DeliveryLog.unrecorded(cause);
        return CompletableFuture.completedFuture(null);
    }
}
