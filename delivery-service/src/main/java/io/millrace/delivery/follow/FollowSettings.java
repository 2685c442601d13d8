package io.millrace.delivery.follow;

import java.time.Duration;

/**
 * How the log is followed: {@code partitions} it must have; up to {@code backlogBytes} handed over and not worked off per partition; partitions
 * nobody reads are released after {@code releaseAfter}; after trouble it looks again after
 * {@code retryAfter}; the brokers have {@code askTimeout} to say how the log stands; {@code scan} is how it is read a second time.
 */
public record FollowSettings(int partitions, long backlogBytes, Duration releaseAfter, Duration retryAfter, Duration askTimeout, ScanSettings scan) {
}
