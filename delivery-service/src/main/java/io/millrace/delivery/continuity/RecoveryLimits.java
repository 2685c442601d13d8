package io.millrace.delivery.continuity;

import java.time.Duration;

/** How much a returning client is replayed (CON-2): nothing older than {@code window}, and at most {@code entries}. */
public record RecoveryLimits(Duration window, long entries) {
}
