package io.millrace.bench;

import io.millrace.contract.topic.Topics;
import io.millrace.pods.Pod;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an ingest pod takes, measured by hand beside {@link BareIngest}: both as processes, in turn, under the same clients, with one broker.
 * Nothing is asserted and no build runs it; docs/performance.md says how, and has the figures.
 */
class IngestBench {
    private static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final int RUNS = 3;
    private static final int CONNECTIONS = Integer.getInteger("bench.connections", 64);
    private static final int WINDOW = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 10));
    private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));
    private static final List<String> JVM = List.of("-Xmx512m");
    private static final Figures FIGURES = new Figures();

    @TempDir
    Path files;

    private final TestTokens tokens = TestTokens.issuer();

    @Test
    void takesMessagesAtFullSpeed() throws IOException {
        try (var kafka = TestKafka.start(1).with(TOPICS); var pod = ingest(kafka).start().awaitReady(); var bare = BareIngest.start(kafka.bootstrap(), TOPICS.text().name(), FreePort.any(), JVM)) {
            var served = pod.at("ws", "/v1/ingest");
            speed(served, WARM_UP, pod::cpu);
            speed(bare.socket(), WARM_UP, bare::cpu);
            for (int run = 0; run < RUNS; run++) {
                measure(served, bare, pod::cpu);
            }
        }
        var table = FIGURES.table();
        Files.writeString(Path.of("target", "ingest-bench.md"), table);
        System.out.println(table);
    }

    private void measure(URI served, BareIngest bare, Supplier<Duration> cpu) {
        var millrace = speed(served, EACH, cpu);
        var plain = speed(bare.socket(), EACH, bare::cpu);
        FIGURES.add("accepted by one pod, messages/s", millrace.perSecond());
        FIGURES.add("the same from a bare Vert.x socket and producer, messages/s", plain.perSecond());
        FIGURES.add("accepted per second of the pod's CPU, messages", millrace.perCpuSecond());
        FIGURES.add("the same of the bare one's CPU, messages", plain.perCpuSecond());
        FIGURES.add("CPU per message, times the bare one's", plain.perCpuSecond() / millrace.perCpuSecond());
    }

    private record Speed(double perSecond, double perCpuSecond) {
    }

    private Speed speed(URI socket, Duration time, Supplier<Duration> cpu) {
        try (var senders = new FullSpeedSenders(socket, tokens, CONNECTIONS, WINDOW)) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            long accepted = senders.accepted();
            var used = cpu.get();
            long start = System.nanoTime();
            LockSupport.parkNanos(time.toNanos());
            double messages = senders.accepted() - accepted;
            return new Speed(messages / ((System.nanoTime() - start) / 1e9), messages / (cpu.get().minus(used).toNanos() / 1e9));
        }
    }

    private Pod ingest(TestKafka kafka) {
        return Pod.ingest("bench", kafka.bootstrap(), TOPICS.text().partitions(), tokens.writePublicKey(files), files.resolve("attachments")).with(JVM)
                .with(Map.of("MILLRACE_INGEST_RATE", "1000000", "MILLRACE_INGEST_BURST", "1000000", "MILLRACE_INGEST_LATENESS_ENABLED", "false"));
    }
}
