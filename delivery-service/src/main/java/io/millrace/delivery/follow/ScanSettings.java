package io.millrace.delivery.follow;

import java.time.Duration;

/**
 * How the log is read for what nobody else has: {@code bytes} of the partition for a question, of which an answer holds {@code answerBytes} or its
 * first record; {@code waiting} questions at most; Kafka has {@code timeout} for each reading.
 */
public record ScanSettings(long bytes, long answerBytes, int waiting, Duration timeout) {
}
