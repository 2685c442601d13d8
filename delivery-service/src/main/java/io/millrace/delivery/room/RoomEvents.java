package io.millrace.delivery.room;

import io.millrace.contract.record.Discontinuity;
import io.millrace.delivery.continuity.Position;

/** What is worth counting, logging or recording about rooms. Called by owners; must not block. */
public interface RoomEvents {
    void delivered(int bytes);

    void replayed(int bytes);

    /** {@code change} is 1 when a subscription falls behind, -1 when it has caught up or ended. */
    void lagging(int change);

    void repeatDropped();

    void repeatDiffers(String room, Position position);

    void undecodable(int partition, long offset);

    void discontinuity(Discontinuity discontinuity);

    void unavailable(String room, Throwable cause);
}
