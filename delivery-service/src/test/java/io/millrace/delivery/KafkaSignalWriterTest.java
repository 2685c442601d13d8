package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.record.SignalRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.FreePort;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Without Kafka signals fail, at once when many wait and else in time; whoever writes one never waits. */
class KafkaSignalWriterTest {
    private static final int UNWRITTEN = 4;
    private static final int TRIED = 50;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    @DisplayName("ROOM, ING-6: what finds the queue full, or waits too long, fails and is counted")
    void failsWhatKafkaDoesNotTake() {
        var topics = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
        try (var writer = new KafkaSignalWriter(topics, Map.of("bootstrap.servers", "127.0.0.1:" + FreePort.any()), UNWRITTEN, Duration.ofSeconds(2), new SignalMetrics(registry))) {
            List<CompletableFuture<Void>> tried = Stream.generate(() -> writer.tell(SignalRecord.typing("lobby", "ana", "c1", true, Instant.EPOCH)).toCompletableFuture())
                    .limit(TRIED).toList();
            assertThat(tried.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(TRIED - UNWRITTEN);

            writer.start();
            await().until(() -> tried.stream().allMatch(CompletableFuture::isCompletedExceptionally));
            assertThat(registry.get("millrace.delivery.signals.unwritten").counter().count()).isEqualTo(TRIED);
        }
    }
}
