package io.millrace.delivery.room;

import io.millrace.delivery.continuity.RecoveryLimits;
import java.time.Duration;

/**
 * How rooms are served: {@code tailBytes} of recent entries are kept per partition, history is read {@code pageEntries} at a time, while it is away
 * what a returning client misses first is looked for in {@code reach} offsets behind its place and below the end of the log, and who could not be served tries again after {@code retryAfter}.
 */
public record RoomSettings(RecoveryLimits recovery, long tailBytes, int pageEntries, long reach, Duration retryAfter) {
}
