package io.millrace.streams.runtime;

import static io.millrace.streams.sync.Events.synced;
import static io.millrace.streams.sync.Events.syncing;
import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.TestHistorySettings;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** SYN-11 against a real broker: what became of messages is what committed events say, whichever instance is asked. */
@ExtendWith(KafkaClusterExtension.class)
class SyncStatesIT {
    private static final Topics TOPICS = Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final List<String> SENDERS = List.of("ana", "ben", "cleo", "dan", "eve", "f/ö ?&x=1");

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
    @DisplayName("SYN-11: committed events only; covering waits until all below is in the store")
    void tellsWhatIsCommittedOnceItCoversWhatIsAskedFor() {
        try (var view = view("a"); var writer = writer()) {
            var client = new HistoryClient(view.awaitRunning().url());
            write(writer, "ana", syncing("m1", "lobby", 1, NOW));
            writer.commitTransaction();
            write(writer, "ana", synced("m1", "lobby", 9, NOW));
            writer.abortTransaction();
            long last = write(writer, "ana", synced("m2", "lobby", 1, NOW));
            writer.commitTransaction();

            assertThat(client.states("sender=ana&id=m1&id=m2&id=m3&covering=" + (last + 1))).containsExactly(syncing("m1", "lobby", 1, NOW), synced("m2", "lobby", 1, NOW));
        }
    }

    @Test
    @DisplayName("SYN-11: 503 where the events do not come as far as asked, 400 for what is no question, 100 ids at most")
    void refusesWhatCannotBeAnswered() {
        try (var view = view("a", new TestHistorySettings().withWaitLimit(Duration.ofSeconds(2)))) {
            var client = new HistoryClient(view.awaitRunning().url());
            assertThat(client.sync("sender=ana&id=m1&covering=1").statusCode()).isEqualTo(503);
            assertThat(client.sync("sender=ana&" + ids(100)).statusCode()).isEqualTo(200);
            for (var query : List.of("id=m1", "sender=ana", "sender=ana&id=a%20b", "sender=ana&id=m1&covering=x", "sender=ana&" + ids(101))) {
                assertThat(client.sync(query).statusCode()).as(query).isEqualTo(400);
            }
        }
    }

    @Test
    @DisplayName("SYN-11: whoever does not own a sender sends on to who does, and takes over when it goes")
    void sendsOnToTheOwnerAndTakesOverWhenItGoes() {
        try (var stays = view("a"); var writer = writer()) {
            stays.awaitRunning();
            SENDERS.forEach(sender -> write(writer, sender, synced("m1", "lobby", 1, NOW)));
            writer.commitTransaction();
            try (var goes = view("b")) {
                goes.awaitRunning();
                var first = new HistoryClient(stays.url(), HttpClient.Redirect.NEVER);
                await().atMost(PATIENCE).until(() -> SENDERS.stream().anyMatch(sender -> first.sync(question(sender)).statusCode() == 307));
                await().atMost(PATIENCE).untilAsserted(() -> everySenderIsAnswered(goes));
                await().atMost(PATIENCE).untilAsserted(() -> everySenderIsAnswered(stays));
            }
            await().atMost(PATIENCE).untilAsserted(() -> everySenderIsAnswered(stays));
        }
    }

    private static void everySenderIsAnswered(ViewInstance view) {
        var client = new HistoryClient(view.url());
        SENDERS.forEach(sender -> assertThat(client.states(question(sender))).as(sender).containsExactly(synced("m1", "lobby", 1, NOW)));
    }

    private static String question(String sender) {
        return "id=m1&sender=" + URLEncoder.encode(sender, StandardCharsets.UTF_8);
    }

    private static String ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "id=" + "m".repeat(60) + i).collect(Collectors.joining("&"));
    }

    private ViewInstance view(String name) {
        return view(name, new TestHistorySettings());
    }

    private ViewInstance view(String name, TestHistorySettings settings) {
        return new ViewInstance(kafka, TOPICS, new TestStreamsSettings(state.resolve(name)), settings);
    }

    private KafkaProducer<String, byte[]> writer() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "sequencer-of-the-test");
        var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    /** In the open transaction, or a new one; answers the event's offset. */
    private static long write(KafkaProducer<String, byte[]> writer, String sender, SyncEvent event) {
        var record = new ProducerRecord<>(TOPICS.syncEvents().name(), sender, TOPICS.syncEvents().encode(event));
        try {
            var sent = writer.send(record);
            writer.flush();
            return sent.get().offset();
        } catch (IllegalStateException e) {
            writer.beginTransaction();
            return write(writer, sender, event);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
