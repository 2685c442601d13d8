package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.TestHistorySettings;
import io.millrace.testing.CutLog;
import io.millrace.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CON-4 against a real broker: the view of a log that an unclean election cut while the view was reading it. */
class HistoryOfACutLogIT {
    private static final Topics TOPICS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TestKafka kafka = TestKafka.start(1).with(TOPICS);

    @TempDir
    Path state;

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    @DisplayName("CON-4: what the log says where it grew again is what history says; nothing of what was cut comes after it")
    void saysWhatTheLogSaysNow() throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrap());
        try (var view = new ViewInstance(config, TOPICS, new TestStreamsSettings(state), new TestHistorySettings())) {
            var client = new HistoryClient(view.awaitRunning().url());
            long kept;
            try (var writer = new LogWriter(config, TOPICS.roomLog(), "sequencer")) {
                writer.commit("lobby", 1, 3);
                kept = writer.commit("attic", 1, 3);
                writer.commit("lobby", 4, 6);
            }
            await().atMost(PATIENCE).until(() -> client.head("lobby", "").seq() == 6);

            CutLog.of(kafka, new TopicPartition(TOPICS.roomLog().name(), 0)).cutAfter(kept + 1); // with the commit's marker
            long attic;
            long lobby;
            try (var writer = new LogWriter(config, TOPICS.roomLog(), "sequencer")) {
                attic = writer.commit("attic", 4, 9); // beyond where the cut entries stood
                lobby = writer.commit("lobby", 4, 5);
            }

            await().atMost(PATIENCE).ignoreExceptions().until(() -> client.head("lobby", "").offset() == lobby && client.head("attic", "").offset() == attic);
            assertThat(places(client.log("lobby", "?after=3&limit=10"))).containsExactly("4@" + (lobby - 1), "5@" + lobby);
            assertThat(places(client.log("attic", "?after=3&limit=10"))).endsWith("9@" + attic).hasSize(6);
        }
    }

    private static List<String> places(LogAnswer page) {
        return page.items().stream().map(item -> item.seq() + "@" + item.offset()).toList();
    }
}
