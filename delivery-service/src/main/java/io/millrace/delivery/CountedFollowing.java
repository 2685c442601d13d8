package io.millrace.delivery;

import io.millrace.delivery.follow.FollowEvents;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What happens while logs are followed, counted and traced: one span for an entry and this pod, however many clients it was for. */
@Singleton
public class CountedFollowing implements FollowEvents {
    private final DeliveryMetrics metrics;
    private final Tracing tracing;

    @Inject
    CountedFollowing(DeliveryMetrics metrics, Tracing tracing) {
        this.metrics = metrics;
        this.tracing = tracing;
    }

    @Override
    public void held() {
        metrics.held.increment();
    }

    /** A record of the room log bears the time of acceptance. */
    @Override
    public void handedOn(ConsumerRecord<byte[], byte[]> record, int receivers, long nanos) {
        metrics.read(record.timestamp());
        var trace = TraceContext.of(record.headers());
        if (tracing.follows(trace)) {
            var now = Instant.now();
            tracing.step("delivery send", trace, now.minusNanos(nanos)).with("millrace.receivers", receivers).end(now);
        }
    }

    @Override
    public void waiting(int change) {
        metrics.logWaiting(change);
    }

    @Override
    public void refused() {
        metrics.logRefused.increment();
    }

    @Override
    public void answered() {
        metrics.logAnswered.increment();
    }

    @Override
    public void failed() {
        metrics.logFailed.increment();
    }

    @Override
    public void read(long bytes) {
        metrics.logBytes.increment(bytes);
    }
}
