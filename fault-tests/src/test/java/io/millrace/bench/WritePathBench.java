package io.millrace.bench;

import io.millrace.contract.topic.Topics;
import io.millrace.pods.Pod;
import io.millrace.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the write path does, measured by hand: one packaged streams service as a process, broker and clients in this JVM. Nothing is
 * asserted and no build runs it; docs/performance.md says how, and has the figures.
 */
class WritePathBench {
    private static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration WARM_UP = Duration.ofSeconds(12);
    private static final Duration EACH = Duration.ofSeconds(10);
    private static final List<Integer> RATES = List.of(200, 1_000, 5_000);
    private static final int RUNS = 3;
    private static final int SENDERS = 500;
    private static final int BURST = 40_000;
    private static final int WAITING = Integer.getInteger("bench.waiting", 100_000);
    private static final int WRITTEN_PER_SECOND = 10_000;
    private static final Figures FIGURES = new Figures();

    @TempDir
    Path state;

    private TestKafka kafka;

    @BeforeEach
    void start() {
        kafka = TestKafka.start(1).with(TOPICS);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @AfterAll
    static void print() throws IOException {
        var table = FIGURES.table();
        Files.writeString(Path.of("target", "bench.md"), table);
        System.out.println(table);
    }

    @Test
    void confirmsSteadyTraffic() {
        try (var pod = pod(Map.of()).start().awaitReady(); var traffic = new Traffic(kafka.bootstrap(), TOPICS)) {
            traffic.send("warm-up", SENDERS, 500, WARM_UP);
            settle(traffic);
            for (int run = 0; run < RUNS; run++) {
                for (int rate : RATES) {
                    traffic.begin();
                    var latencies = traffic.measure();
                    traffic.send("rate" + rate + "-" + run, SENDERS, rate, EACH);
                    settle(traffic);
                    FIGURES.add("accepted to synced at " + rate + "/s, p50, ms", latencies.quantile(0.5));
                    FIGURES.add("accepted to synced at " + rate + "/s, p99, ms", latencies.quantile(0.99));
                }
                burst(pod, traffic, run);
            }
            FIGURES.add("scheduler's state of an idle lane, bytes", (double) bytesOf("millrace-lane-scheduler-lanes-changelog", "millrace-lane-scheduler-lane-wakes-changelog"));
        }
    }

    private static void burst(Pod pod, Traffic traffic, int run) {
        traffic.begin();
        long before = traffic.confirmed();
        var cpu = pod.cpu();
        long start = System.nanoTime();
        for (int n = 0; n < BURST; n++) {
            traffic.send("burst" + run, SENDERS);
        }
        traffic.awaitConfirmed(before + BURST);
        FIGURES.add("confirmed at full speed, messages/s", BURST / seconds(System.nanoTime() - start));
        FIGURES.add("confirmed per second of the service's CPU, messages", BURST / seconds(pod.cpu().minus(cpu).toNanos()));
    }

    @Test
    void drainsWhatWaitedForTheHook() {
        try (var hook = new Hook(); var pod = pod(Map.of("MILLRACE_SYNC_HOOK_URL", hook.url(), "MILLRACE_SYNC_MAX_RETRIES", "1000")).start().awaitReady();
                var traffic = new Traffic(kafka.bootstrap(), TOPICS)) {
            traffic.send("waiting", SENDERS, WRITTEN_PER_SECOND, Duration.ofMillis(1_000L * WAITING / WRITTEN_PER_SECOND));
            LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
            long sent = traffic.sent();
            var cpu = pod.cpu();
            hook.comeUp();
            long start = System.nanoTime();
            traffic.awaitConfirmed(sent);
            FIGURES.add("draining about " + WAITING + " messages that waited for the hook, s", seconds(System.nanoTime() - start));
            FIGURES.add("messages drained per second of the service's CPU", sent / seconds(pod.cpu().minus(cpu).toNanos()));
        }
    }

    private Pod pod(Map<String, String> settings) {
        return Pod.streams("bench", kafka.bootstrap(), TOPICS.text().partitions(), state).with(settings)
                .with(List.of(("-Xmx1g " + System.getProperty("bench.jvm", "")).trim().split(" ")));
    }

    /** Until all that was written is confirmed. */
    private static void settle(Traffic traffic) {
        long before;
        do {
            before = traffic.confirmed();
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        } while (traffic.confirmed() != before);
    }

    /** Keys and values as they stand now, over all keys of the first of these changelogs. */
    private long bytesOf(String... changelogs) {
        Map<String, Long> bytes = new HashMap<>();
        long lanes = 0;
        for (var changelog : changelogs) {
            Map<String, Long> latest = latest(changelog);
            lanes = lanes == 0 ? latest.size() : lanes;
            latest.forEach((key, size) -> bytes.put(changelog + key, size));
        }
        return bytes.values().stream().mapToLong(Long::longValue).sum() / Math.max(1, lanes);
    }

    private Map<String, Long> latest(String changelog) {
        Map<String, Long> latest = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed", "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = IntStream.range(0, TOPICS.text().partitions()).mapToObj(partition -> new TopicPartition(changelog, partition)).toList();
            var ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    var key = java.util.HexFormat.of().formatHex(record.key());
                    if (record.value() == null) {
                        latest.remove(key);
                    } else {
                        latest.put(key, (long) record.key().length + record.value().length);
                    }
                });
            }
        }
        return latest;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
