package io.millrace.delivery;

import io.millrace.delivery.follow.FollowEvents;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What happens while logs are followed, counted. */
@Singleton
public class CountedFollowing implements FollowEvents {
    private final DeliveryMetrics metrics;

    @Inject
    CountedFollowing(DeliveryMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void held() {
        metrics.held.increment();
    }

    /** A record of the room log bears the time of acceptance. */
    @Override
    public void handedOn(ConsumerRecord<byte[], byte[]> record, int receivers) {
        metrics.read(record.timestamp());
    }
}
