package io.millrace.delivery.room;

import io.millrace.delivery.continuity.RecoveryLimits;
import java.time.Duration;

/**
 * How rooms are served: {@code tailBytes} of recent entries are kept per partition, history is read {@code pageEntries} at a time, and who
 * could not be served tries again after {@code retryAfter}.
 */
public record RoomSettings(RecoveryLimits recovery, long tailBytes, int pageEntries, Duration retryAfter) {
}
