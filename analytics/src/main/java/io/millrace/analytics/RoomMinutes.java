package io.millrace.analytics;

import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Counts the messages of each room per minute, for as long as it runs, into {@code analytics.room-minutes}: key is the room and the minute, so
 * the newest value of a key is its count. Exactly once: it reads committed records, and what it writes is in the same transaction.
 */
public final class RoomMinutes {
    static final String RESULT = "analytics.room-minutes";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** A message counts for the minute of its acceptance, and may have waited for its upload (10 min) and for retries before it got here. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

    private RoomMinutes() {
    }

    public static void main(String... args) throws Exception {
        create(args[0]);
        var streams = new KafkaStreams(topology(Topics.of(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION)), properties(args[0]));
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close(Duration.ofSeconds(10));
            stopped.countDown();
        }));
        streams.start();
        stopped.await();
    }

    static Topology topology(Topics topics) {
        var builder = new StreamsBuilder();
        builder.stream(topics.roomLog().name(), Consumed.with(Serdes.String(), Serdes.ByteArray()))
                // edits, deletions and reactions are entries too; only what creates a message counts
                .filter((room, value) -> topics.roomLog().decode(value).entry().action() == Action.CREATE)
                .groupByKey()
                // a record's timestamp is the time of acceptance
                .windowedBy(TimeWindows.ofSizeAndGrace(MINUTE, LONGEST_WAIT))
                .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("room-minutes").withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()))
                .toStream()
                .map((window, count) -> KeyValue.pair(window.key() + "/" + window.window().startTime(), count(window.key(), window.window().startTime(), count)))
                .to(RESULT, Produced.with(Serdes.String(), Serdes.ByteArray()));
        return builder.build();
    }

    private static byte[] count(String room, Instant minute, long messages) {
        return Json.bytes(new Count(room, minute, messages));
    }

    record Count(String room, Instant minute, long messages) {
    }

    private static Properties properties(String servers) throws Exception {
        Path state = Files.createTempDirectory("room-minutes"); // what it holds is in its changelog too
        var properties = new Properties();
        properties.putAll(Map.of("application.id", "room-minutes", "bootstrap.servers", servers, "processing.guarantee", "exactly_once_v2", "commit.interval.ms", "1000",
                "state.dir", state.toString(), "default.key.serde", Serdes.StringSerde.class, "default.value.serde", Serdes.ByteArraySerde.class));
        return properties;
    }

    private static void create(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            if (!admin.listTopics().names().get().contains(RESULT)) {
                var topic = new NewTopic(RESULT, Optional.of(1), Optional.empty()).configs(Map.of("cleanup.policy", "compact"));
                admin.createTopics(List.of(topic)).all().get();
            }
        }
    }
}
