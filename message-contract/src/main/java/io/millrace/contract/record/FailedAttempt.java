package io.millrace.contract.record;

import java.time.Instant;

/** One attempt that did not succeed; {@code attempt} counts from 1 (SYN-4, SYN-8). */
public record FailedAttempt(int attempt, Instant at, Cause cause) {
}
