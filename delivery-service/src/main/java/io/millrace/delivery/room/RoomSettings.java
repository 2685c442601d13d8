package io.millrace.delivery.room;

import io.millrace.delivery.continuity.RecoveryLimits;
import java.time.Duration;

/**
 * How rooms are served: {@code tailBytes} of recent entries are kept per partition, history is read {@code pageEntries} at a time, while it is away
 * a returning client's place is looked for {@code reach} offsets back in the log, and who could not be served tries again after {@code retryAfter}.
 */
public record RoomSettings(RecoveryLimits recovery, long tailBytes, int pageEntries, long reach, Duration retryAfter) {
}
