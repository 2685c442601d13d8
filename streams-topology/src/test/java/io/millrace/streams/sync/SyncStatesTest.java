package io.millrace.streams.sync;

import static io.millrace.streams.sync.Events.failed;
import static io.millrace.streams.sync.Events.synced;
import static io.millrace.streams.sync.Events.syncing;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.TestHistorySettings;
import io.millrace.streams.history.ViewPartitions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SYN-11, SYN-9 on the store of sync states itself, one partition, no broker. */
class SyncStatesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Topic<SyncEvent> SYNC_EVENTS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION).syncEvents();

    private final ViewPartitions<StatesPartition> partitions = new ViewPartitions<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TestHistorySettings settings = new TestHistorySettings();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;

    @TempDir
    Path state;

    @BeforeEach
    void start() {
        var states = states();
        var properties = new Properties();
        properties.putAll(states.properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "sync-states");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(states.build(), properties, NOON);
        events = driver.createInputTopic(SYNC_EVENTS.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    @DisplayName("Names of nodes and stores are names of consumer state and changelogs: they must not change unnoticed")
    void hasTheShapeAndTheNamesItAlwaysHad() {
        assertThat(states().build().describe()).hasToString("""
                Topologies:
                   Sub-topology: 0
                    Source: read-sync-events (topics: [chat.sync-events])
                      --> keep-states
                    Processor: keep-states (stores: [message-states])
                      --> none
                      <-- read-sync-events

                """);
    }

    @Test
    @DisplayName("SYN-11: the last word on a message is told; of one that no event names, nothing")
    void tellsTheLastStateOfAMessage() {
        write("ana", syncing("m1", "lobby", 1, NOON), syncing("m1", "lobby", 2, NOON.plusSeconds(5)), failed("m2", "lobby", NOON));

        assertThat(find("ana", "m1", "m2", "m3")).containsExactly(syncing("m1", "lobby", 2, NOON.plusSeconds(5)), failed("m2", "lobby", NOON));
    }

    @Test
    @DisplayName("SYN-9: what is not final is ignored after the final word")
    void keepsTheFinalWordAgainstARepeatedOneThatIsNotFinal() {
        write("ana", syncing("m1", "lobby", 1, NOON), synced("m1", "lobby", 7, NOON.plusSeconds(1)), syncing("m1", "lobby", 2, NOON.plusSeconds(2)));

        assertThat(find("ana", "m1")).containsExactly(synced("m1", "lobby", 7, NOON.plusSeconds(1)));
        assertThat(registry.counter("millrace.sync.states.outdone").count()).isEqualTo(1);
    }

    @Test
    @DisplayName("SYN-11: an id used in two rooms has a state in each; rooms told of one id are bounded")
    void tellsOneStateForEachRoom() {
        write("ana", synced("m1", "lobby", 7, NOON), failed("m1", "garden", NOON));
        for (int room = 0; room < 2 * StatesPartition.MOST_ROOMS; room++) {
            write("ana", synced("m2", "room" + room, 1, NOON));
        }

        assertThat(find("ana", "m1")).containsExactlyInAnyOrder(synced("m1", "lobby", 7, NOON), failed("m1", "garden", NOON));
        assertThat(find("ana", "m2")).hasSize(StatesPartition.MOST_ROOMS);
    }

    @Test
    @DisplayName("SYN-11: a sender is told of its own messages only, whatever names begin with each other")
    void tellsNobodyOfAnothersMessages() {
        write("ana", synced("m1", "lobby", 7, NOON));
        write("anam", synced("1", "lobby", 8, NOON));
        write("an", synced("am1", "lobby", 9, NOON));

        assertThat(find("ana", "m1", "1", "am1", "m")).containsExactly(synced("m1", "lobby", 7, NOON));
        assertThat(find("bob", "m1")).isEmpty();
    }

    @Test
    @DisplayName("SYN-11: a state is kept for 7 days by the time of its last event")
    void forgetsStatesByTheEventsOwnTime() {
        write("ana", synced("old", "lobby", 1, NOON.minus(Duration.ofDays(6))), syncing("moved", "lobby", 1, NOON.minus(Duration.ofDays(6))),
                synced("moved", "lobby", 2, NOON), synced("tooOld", "lobby", 3, NOON.minus(Duration.ofDays(8))));
        assertThat(find("ana", "old", "moved", "tooOld")).extracting(SyncEvent::id).containsExactly("old", "moved");

        driver.advanceWallClockTime(Duration.ofDays(1).plusSeconds(1));
        assertThat(find("ana", "old", "moved")).extracting(SyncEvent::id).containsExactly("moved");
        driver.advanceWallClockTime(Duration.ofDays(6));
        assertThat(find("ana", "moved")).isEmpty();
        assertThat(driver.getKeyValueStore(SyncStates.STORE).all()).isExhausted();
        assertThat(registry.counter("millrace.sync.states.pruned").count()).isEqualTo(2);
    }

    @Test
    @DisplayName("a tick prunes a bounded number; the next one goes on")
    void prunesInBatches() {
        driver.close();
        settings = settings.withPruneBatch(3);
        start();
        for (int i = 0; i < 5; i++) {
            write("ana", synced("m" + i, "lobby", i + 1, NOON));
        }

        driver.advanceWallClockTime(Duration.ofDays(8)); // one tick: the clock jumps
        assertThat(find("ana", "m0", "m1", "m2", "m3", "m4")).hasSize(2);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(find("ana", "m0", "m1", "m2", "m3", "m4")).isEmpty();
    }

    @Test
    @DisplayName("what nobody can read is counted and passed")
    void goesOnAfterWhatCannotBeRead() {
        events.pipeInput("ana".getBytes(StandardCharsets.UTF_8), "{".getBytes(StandardCharsets.UTF_8));
        events.pipeInput("ana".getBytes(StandardCharsets.UTF_8), "{}".getBytes(StandardCharsets.UTF_8));
        events.pipeInput(null, SYNC_EVENTS.encode(synced("m0", "lobby", 1, NOON)));
        write("ana", synced("m1", "lobby", 7, NOON));

        assertThat(registry.counter("millrace.sync.states.unreadable").count()).isEqualTo(3);
        assertThat(find("ana", "m1")).hasSize(1);
    }

    private SyncStates states() {
        return new SyncStates(SYNC_EVENTS, settings, partitions, new SyncStateMeters(registry));
    }

    private void write(String sender, SyncEvent... written) {
        for (var event : written) {
            events.pipeInput(sender.getBytes(StandardCharsets.UTF_8), SYNC_EVENTS.encode(event), event.at());
        }
    }

    private List<SyncEvent> find(String sender, String... ids) {
        return partitions.find(0).orElseThrow().states(sender, List.of(ids)).states();
    }
}
