package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.TestHistorySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed and comes back under its name does not wait for its own session to time out (45 s in this test). */
@ExtendWith(KafkaClusterExtension.class)
class RestartIT {
    private static final Duration LESS_THAN_A_SESSION = Duration.ofSeconds(30);

    @BrokerCluster(numBrokers = 1)
    KafkaCluster cluster;

    @TempDir
    Path state;

    @Test
    @DisplayName("HIS-1: after kill -9 the same instance answers for what is new and what is old")
    void isRunningAgainBeforeItsSessionTimesOut() throws Exception {
        Map<String, Object> kafka = new HashMap<>(cluster.getKafkaClientConfiguration());
        try (var admin = Admin.create(kafka)) {
            new TopicSetup(admin, ViewProcess.TOPICS).ensure((short) 1);
        }
        try (var writer = new LogWriter(kafka, ViewProcess.TOPICS.roomLog(), "sequencer-of-the-test")) {
            writer.commit("lobby", 1, 20);
            var first = start();
            try {
                awaitSeqs(first, 20, Duration.ofSeconds(60));
            } finally {
                first.process.destroyForcibly().waitFor();
            }
            writer.commit("lobby", 21, 30);
            var second = start();
            try {
                awaitSeqs(second, 30, LESS_THAN_A_SESSION);
            } finally {
                second.process.destroyForcibly().waitFor();
            }
        }
    }

    private static void awaitSeqs(Child child, long last, Duration patience) {
        var client = new HistoryClient(child.url);
        await().atMost(patience).untilAsserted(() -> assertThat(HistoryClient.seqs(client.log("lobby", "?after=0&limit=1000&reaching=" + last)))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList()));
    }

    private Child start() throws IOException {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                ViewProcess.class.getName(), cluster.getBootstrapServers(), state.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = lines.readLine();
        while (line != null && !line.startsWith(ViewProcess.LISTENING)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new AssertionError("the child process ended before it listened");
        }
        return new Child(process, line.substring(ViewProcess.LISTENING.length()));
    }

    private record Child(Process process, String url) {
    }

    /** The history view alone in a process that can be killed. */
    static final class ViewProcess {
        static final Topics TOPICS = Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION);
        static final String LISTENING = "listening at ";

        private ViewProcess() {
        }

        public static void main(String[] arguments) throws InterruptedException {
            var settings = new TestStreamsSettings(Path.of(arguments[1]), Optional.of("the-only-one"), Duration.ofSeconds(45), 5);
            Map<String, Object> kafka = Map.of("bootstrap.servers", arguments[0]);
            try (var view = new ViewInstance(kafka, TOPICS, settings, new TestHistorySettings())) {
                System.out.println(LISTENING + view.url());
                Thread.currentThread().join();
            }
        }
    }
}
