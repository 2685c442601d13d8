package io.millrace.delivery;

import io.millrace.contract.record.Discontinuity;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.room.RoomEvents;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What happens in rooms, counted, logged and recorded. */
@Singleton
public class CountedRoomEvents implements RoomEvents {
    private final DeliveryMetrics metrics;
    private final DiscontinuityRecords records;

    @Inject
    CountedRoomEvents(DeliveryMetrics metrics, DiscontinuityRecords records) {
        this.metrics = metrics;
        this.records = records;
    }

    @Override
    public void delivered(int bytes) {
        metrics.delivered.increment();
        metrics.deliveredBytes.increment(bytes);
    }

    @Override
    public void replayed(int bytes) {
        metrics.replayed.increment();
        metrics.replayedBytes.increment(bytes);
    }

    @Override
    public void lagging(int change) {
        metrics.lagging(change);
    }

    @Override
    public void repeatDropped() {
        metrics.sameRepeats.increment();
    }

    @Override
    public void repeatDiffers(String room, Position position) {
        metrics.differingRepeats.increment();
        DeliveryLog.repeatDiffers(room, position.seq());
    }

    @Override
    public void undecodable(int partition, long offset) {
        metrics.undecodable.increment();
        DeliveryLog.undecodable(partition, offset);
    }

    @Override
    public void discontinuity(Discontinuity discontinuity) {
        metrics.discontinuity(discontinuity.reason(), discontinuity.lost());
        DeliveryLog.discontinuity(discontinuity.room(), discontinuity.reason(), discontinuity.lost());
        records.add(discontinuity);
    }

    @Override
    public void unavailable(String room, Throwable cause) {
        metrics.unavailable.increment();
        DeliveryLog.unavailable(room, cause);
    }
}
