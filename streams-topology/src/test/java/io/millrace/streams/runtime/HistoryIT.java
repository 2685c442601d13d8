package io.millrace.streams.runtime;

import static io.millrace.streams.runtime.HistoryClient.seqs;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.api.TerminationStyle;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.TestHistorySettings;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** HIS-1, HIS-2 against a real broker: what a transactional log holds is what the pages say, whichever instance is asked. */
@ExtendWith(KafkaClusterExtension.class)
class HistoryIT {
    private static final Topics TOPICS = Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BrokerCluster(numBrokers = 1)
    KafkaCluster cluster;

    @TempDir
    Path state;

    private Map<String, Object> kafka;

    @BeforeEach
    void createTopics() {
        kafka = new HashMap<>(cluster.getKafkaClientConfiguration());
        try (var admin = Admin.create(kafka)) {
            new TopicSetup(admin, TOPICS).ensure((short) 1);
        }
    }

    @Test
    @DisplayName("HIS-1, HIS-2: pages in both directions are exact, and before head + 1 meets the head")
    void pagesWhatTheLogHolds() {
        try (var view = view("a"); var writer = writer()) {
            writer.commit("lobby", 1, 40);
            writer.abort("lobby", 41, 60);
            long last = writer.commit("lobby", 41, 50);
            var client = new HistoryClient(view.awaitRunning().url());

            var head = client.head("lobby", "?covering=" + end("lobby"));
            assertThat(head).isEqualTo(new HeadAnswer("lobby", "e1", 50, last, 1, LogWriter.AT));
            assertThat(seqs(client.log("lobby", "?after=0&limit=1000"))).containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
            assertThat(seqs(client.log("lobby", "?before=" + (head.seq() + 1) + "&limit=3"))).containsExactly(50L, 49L, 48L);
            assertThat(client.log("lobby", "?after=10&limit=1").items().get(0).entry().id()).isEqualTo("lobby-e1-11");
            assertThat(client.head("nowhere", "")).isEqualTo(new HeadAnswer("nowhere", null, 0, -1, 0, null));
        }
    }

    @Test
    @DisplayName("HIS-3: messages in both directions, asked for like entries")
    void pagesMessages() {
        try (var view = view("a"); var writer = writer()) {
            writer.commit("lobby", 1, 40);
            var client = new HistoryClient(view.awaitRunning().url());

            var page = client.page("lobby/latest", "?before=31&limit=3&reaching=40");

            assertThat(seqs(page)).containsExactly(30L, 29L, 28L);
            assertThat(page.items().get(0).latest().version()).isEqualTo(30);
            assertThat(seqs(client.page("lobby/latest", "?after=38&limit=10"))).containsExactly(39L, 40L);
            assertThat(client.get("lobby/latest?limit=0").statusCode()).isEqualTo(400);
        }
    }

    @Test
    @DisplayName("HIS-2: covering waits until all of the log below is in the view, markers and aborted records included")
    void coversMarkersAndAbortedRecordsAtTheEndOfTheLog() {
        try (var view = view("a"); var writer = writer()) {
            var client = new HistoryClient(view.awaitRunning().url());
            writer.commit("lobby", 1, 5);
            assertThat(client.head("lobby", "?covering=" + end("lobby")).seq()).isEqualTo(5);
            writer.abort("lobby", 6, 9);
            assertThat(client.head("lobby", "?covering=" + end("lobby")).seq()).isEqualTo(5);
            writer.commit("lobby", 6, 6);
            assertThat(client.head("lobby", "?covering=" + end("lobby")).seq()).isEqualTo(6);
            assertThat(client.head("lobby", "?covering=0").seq()).isEqualTo(6);
        }
    }

    @Test
    void coversAPartitionThatNobodyEverWroteTo() {
        try (var view = view("a")) {
            assertThat(new HistoryClient(view.awaitRunning().url()).head("lobby", "?covering=0").seq()).isZero();
        }
    }

    @Test
    void answers503WhenTheLogDoesNotComeAsFarAsAskedFor() {
        try (var view = view("a", new TestHistorySettings().withWaitLimit(Duration.ofSeconds(2))); var writer = writer()) {
            writer.commit("lobby", 1, 5);
            var client = new HistoryClient(view.awaitRunning().url());
            for (var path : List.of("lobby/head?covering=" + (end("lobby") + 1), "lobby/log?reaching=6")) {
                var response = client.get(path);
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("retry-after")).contains("1");
                assertThat(response.body()).contains("\"code\":\"UNAVAILABLE\"", "unable to answer; the view has not come that far yet");
            }
        }
    }

    @Test
    void answersAsSoonAsTheSeqAskedForIsThere() {
        try (var view = view("a"); var writer = writer()) {
            writer.commit("lobby", 1, 5);
            var client = new HistoryClient(view.awaitRunning().url());
            client.head("lobby", "?covering=" + end("lobby"));

            var waiting = CompletableFuture.supplyAsync(() -> client.log("lobby", "?after=5&reaching=6"));
            writer.commit("lobby", 6, 6);
            assertThat(waiting).succeedsWithin(PATIENCE).satisfies(page -> assertThat(seqs(page)).containsExactly(6L));
        }
    }

    @Test
    void refusesBadParameters() {
        try (var view = view("a")) {
            var client = new HistoryClient(view.awaitRunning().url());
            for (var path : List.of("lobby/log?limit=0", "lobby/log?limit=1001", "lobby/log?limit=x", "lobby/log?after=1&before=2", "lobby/log?before=0",
                    "lobby/log?after=-1", "lobby/log?after=9223372036854775807", "lobby/head?covering=-1", "lobby/log?reaching=1.5", "lob%20by/head", "lobby%00/log")) {
                var response = client.get(path);
                assertThat(response.statusCode()).as(path).isEqualTo(400);
                assertThat(response.body()).as(path).contains("\"op\":\"error\"", "\"code\":\"INVALID\"");
            }
        }
    }

    @Test
    void turnsAwayMoreRequestsThanMayBeInWork() {
        var settings = new TestHistorySettings().withMaxRequests(1).withWaitLimit(PATIENCE);
        try (var view = view("a", settings); var writer = writer()) {
            writer.commit("lobby", 1, 5);
            var client = new HistoryClient(view.awaitRunning().url());
            client.head("lobby", "?covering=" + end("lobby"));

            var waiting = CompletableFuture.supplyAsync(() -> client.log("lobby", "?after=5&reaching=6"));
            await().atMost(PATIENCE).until(() -> client.get("lobby/head").statusCode() == 503);
            assertThat(client.get("lobby/head").body()).contains("unable to answer; too many requests are in work");
            assertThat(view.requests("refused")).isPositive();
            writer.commit("lobby", 6, 6);
            assertThat(waiting).succeedsWithin(PATIENCE);
            await().atMost(PATIENCE).until(() -> client.get("lobby/head").statusCode() == 200);
        }
    }

    @Test
    void goesOnAfterTheBrokerWasAway() {
        try (var view = view("a"); var writer = writer()) {
            var client = new HistoryClient(view.awaitRunning().url());
            writer.commit("lobby", 1, 5);
            client.head("lobby", "?covering=" + end("lobby"));

            cluster.stopNodes(node -> true, TerminationStyle.GRACEFUL);
            assertThat(client.head("lobby", "").seq()).isEqualTo(5);
            cluster.startNodes(node -> true);
            writer.commit("lobby", 6, 6);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(client.head("lobby", "").seq()).isEqualTo(6));
            assertThat(view.condition()).isInstanceOf(Condition.Running.class);
        }
    }

    @Test
    void keepsItsPagesThroughARestart() {
        try (var writer = writer()) {
            try (var view = view("a")) {
                writer.commit("lobby", 1, 100);
                new HistoryClient(view.awaitRunning().url()).head("lobby", "?covering=" + end("lobby"));
            }
            writer.commit("lobby", 101, 120);
            try (var view = view("a")) {
                var client = new HistoryClient(view.awaitRunning().url());
                client.head("lobby", "?covering=" + end("lobby"));
                assertThat(seqs(client.log("lobby", "?after=0&limit=1000"))).containsExactlyElementsOf(LongStream.rangeClosed(1, 120).boxed().toList());
            }
        }
    }

    @Test
    void sendsOnToTheOwnerAndTakesOverWhenItGoes() {
        try (var stays = view("a"); var writer = writer()) {
            stays.awaitRunning();
            for (var room : List.of("r1", "r2", "r3", "r4", "r5", "r6")) {
                writer.commit(room, 1, 10);
            }
            try (var goes = view("b")) {
                goes.awaitRunning();
                var first = new HistoryClient(stays.url(), HttpClient.Redirect.NEVER);
                await().atMost(PATIENCE).until(() -> first.get("r1/head").statusCode() == 307 || first.get("r2/head").statusCode() == 307 || first.get("r3/head").statusCode() == 307
                        || first.get("r4/head").statusCode() == 307);
                await().atMost(PATIENCE).untilAsserted(() -> everyRoomIsWhole(goes));
                await().atMost(PATIENCE).untilAsserted(() -> everyRoomIsWhole(stays));
            }
            await().atMost(PATIENCE).untilAsserted(() -> everyRoomIsWhole(stays));
        }
    }

    private static void everyRoomIsWhole(ViewInstance view) {
        var client = new HistoryClient(view.url());
        for (var room : List.of("r1", "r2", "r3", "r4", "r5", "r6")) {
            assertThat(seqs(client.log(room, "?after=0&limit=1000"))).containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
        }
    }

    private ViewInstance view(String name) {
        return view(name, new TestHistorySettings());
    }

    private ViewInstance view(String name, TestHistorySettings settings) {
        return new ViewInstance(kafka, TOPICS, new TestStreamsSettings(state.resolve(name)), settings);
    }

    private LogWriter writer() {
        return new LogWriter(kafka, TOPICS.roomLog(), "sequencer-of-the-test");
    }

    /** The end of the room's partition, past the last marker: markers are written after {@code commitTransaction} has returned. */
    private long end(String room) {
        try (var admin = Admin.create(kafka)) {
            return await().atMost(PATIENCE).until(() -> end(admin, room, IsolationLevel.READ_COMMITTED), stable -> stable == end(admin, room, IsolationLevel.READ_UNCOMMITTED));
        }
    }

    private static long end(Admin admin, String room, IsolationLevel isolation) {
        var partition = new TopicPartition(TOPICS.roomLog().name(), Topics.partition(room, TOPICS.roomLog().partitions()));
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation)).partitionResult(partition).get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
