package io.millrace.streams;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncState;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.OnFinalFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The write path against a real broker: what it promises when threads die, stand still and come back. */
@ExtendWith(KafkaClusterExtension.class)
class WritePathIT {
    private static final Topics TOPICS = Topics.of("chat.", 3, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration A_MOMENT = Duration.ofMillis(200);
    /** No hole is passed however long a restart takes: every message is on its way when its lane waits for it. */
    private static final LaneSettings PATIENT = new LaneSettings(256, PATIENCE.multipliedBy(2), LaneSettings.Attempts.DEFAULTS, OnFinalFailure.CONTINUE, Duration.ofDays(7));
    private static final int SENDERS = 12;
    private static final int ROOMS = 5;

    @BrokerCluster(numBrokers = 1)
    KafkaCluster cluster;

    @TempDir
    Path state;

    private Map<String, Object> kafka;
    private LivePipeline pipeline;
    private TopicTap tap;

    @BeforeEach
    void start() {
        kafka = new HashMap<>(cluster.getKafkaClientConfiguration());
        try (var admin = Admin.create(kafka)) {
            new TopicSetup(admin, TOPICS).ensure((short) 1);
        }
        pipeline = new LivePipeline(kafka, state, TOPICS);
        tap = new TopicTap(kafka);
    }

    @AfterEach
    void stop() {
        pipeline.close();
        tap.close();
    }

    @Test
    @DisplayName("SYN-1, SYN-3, SYN-7, LOG-1: out of order in, in order and dense out, one terminal state each")
    void putsInOrderWhatSeveralPodsWroteOutOfOrder() {
        pipeline.scheduler("a", PATIENT, new FaultyClients());
        pipeline.sequencer("a", new FaultyClients());
        send(1, 60);
        awaitSynced(60);
        assertThatTheLogIsWhole(60);
    }

    @Test
    @DisplayName("LOG-4, SYN-9: what a dead thread's transaction took back is written again, entry for entry")
    void writesTheSameEntriesAgainAfterACrash() {
        pipeline.scheduler("a", PATIENT, new FaultyClients());
        crashing(crash -> pipeline.sequencer("a", crash));
        assertThatTheLogIsWhole(100);
        assertThatUncommittedReadersSawTheCommittedLog();
    }

    @Test
    @DisplayName("SYN-1, SYN-2: a scheduler that dies in the middle of its work loses, repeats and reorders nothing")
    void survivesCrashesOfTheScheduler() {
        pipeline.sequencer("a", new FaultyClients());
        crashing(crash -> pipeline.scheduler("a", PATIENT, crash));
        assertThatTheLogIsWhole(100);
        assertThatUncommittedReadersSawTheCommittedLog();
    }

    @Test
    @DisplayName("LOG-4: an owner that stands still, is replaced and wakes up changes nothing")
    void survivesAPausedOwnerThatWakesUp() {
        var scheduler = new FaultyClients();
        var sequencer = new FaultyClients();
        pipeline.scheduler("a", PATIENT, scheduler);
        pipeline.sequencer("a", sequencer);
        send(1, 20);
        awaitSynced(20);
        scheduler.pause();
        sequencer.pause();
        send(21, 40);
        pipeline.scheduler("b", PATIENT, new FaultyClients());
        pipeline.sequencer("b", new FaultyClients());
        awaitSynced(40);
        scheduler.resume();
        sequencer.resume();
        send(41, 60);
        awaitSynced(60);
        assertThatTheLogIsWhole(60);
        assertThatUncommittedReadersSawTheCommittedLog();
    }

    @Test
    @DisplayName("SYN-8: the largest record that nothing can decode is parked whole, and the partition goes on")
    void parksTheLargestRecord() {
        pipeline.scheduler("a", PATIENT, new FaultyClients());
        pipeline.sequencer("a", new FaultyClients());
        var largest = new byte[Topics.MAX_RECORD_BYTES - 1024];
        tap.sendRaw(TOPICS.text(), "sender0", largest);
        send(1, 5);
        awaitSynced(5);
        assertThat(tap.committed(TOPICS.failures())).singleElement().satisfies(failure -> assertThat(failure.undecodable().value()).isEqualTo(largest));
    }

    /** Ten lots of messages; in the middle of every third the thread of the instance under test dies, and the instance starts again. */
    private void crashing(Function<FaultyClients, KafkaStreams> startInstance) {
        pipeline.nameMembers();
        var clients = new FaultyClients();
        var instance = startInstance.apply(clients);
        for (int lot = 0; lot < 10; lot++) {
            if (lot % 3 == 1) {
                clients.dieAfter(150);
            }
            send(lot * 10 + 1, lot * 10 + 10);
            if (lot % 3 == 1) {
                var dying = instance;
                await("planned death").atMost(PATIENCE).until(() -> dying.state().hasCompletedShutdown());
                clients = new FaultyClients();
                instance = startInstance.apply(clients);
            }
        }
        awaitSynced(100);
    }

    /** Messages {@code from} to {@code to} of every sender, mixed up as several pods mix them up: neighbours change places. */
    private void send(int from, int to) {
        var random = new Random(from);
        List<Written> mixed = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            for (int sender = 0; sender < SENDERS; sender++) {
                mixed.add(Written.by("sender" + sender).nth(n).in("room" + n * (sender + 1) % ROOMS));
            }
        }
        for (int i = 0; i + 1 < mixed.size(); i++) {
            Collections.swap(mixed, i, Math.min(mixed.size() - 1, i + random.nextInt(3 * SENDERS)));
        }
        tap.send(mixed.stream().map(Written::accepted).toList(), TOPICS.text());
    }

    private void awaitSynced(int perSender) {
        var expected = IntStream.range(0, SENDERS).boxed()
                .flatMap(sender -> IntStream.rangeClosed(1, perSender).mapToObj(n -> TopicTap.name("sender" + sender, "m" + n))).collect(Collectors.toSet());
        try {
            await().atMost(PATIENCE).pollInterval(A_MOMENT).until(() -> {
                pipeline.verify();
                return tap.terminal(TOPICS.syncEvents()).keySet().containsAll(expected);
            });
        } catch (ConditionTimeoutException e) {
            var missing = new TreeSet<>(expected);
            missing.removeAll(tap.terminal(TOPICS.syncEvents()).keySet());
            throw new AssertionError(String.format("%d of %d messages have no terminal event: %s; %s; records on lane, inbox, log: %d, %d, %d",
                    missing.size(), expected.size(), missing, pipeline.condition(), tap.committed(TOPICS.text()).size(), tap.uncommitted(TOPICS.roomInbox()).size(),
                    tap.committed(TOPICS.roomLog()).size()), e);
        }
    }

    private void assertThatTheLogIsWhole(int perSender) {
        var log = tap.committed(TOPICS.roomLog());
        assertThat(log).hasSize(perSender * SENDERS);
        log.stream().collect(Collectors.groupingBy(LogRecord::room)).forEach((room, entries) -> {
            assertThat(entries).extracting(LogRecord::epoch).containsOnly(entries.get(0).epoch());
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i).seq()).isEqualTo(i + 1L);
            }
            entries.stream().collect(Collectors.groupingBy(entry -> entry.entry().sender()))
                    .values().forEach(own -> assertThat(own).extracting(entry -> entry.entry().laneSeq()).isSorted());
        });
        tap.terminal(TOPICS.syncEvents()).values().forEach(events -> {
            assertThat(events).containsOnly(events.get(0));
            assertThat(events.get(0).state()).isEqualTo(SyncState.SYNCED);
        });
    }

    /** A reader of uncommitted records drops what has a seq it has seen; what remains must be the committed log. */
    private void assertThatUncommittedReadersSawTheCommittedLog() {
        var committed = tap.committed(TOPICS.roomLog());
        var seen = tap.uncommitted(TOPICS.roomLog());
        assertThat(seen).hasSizeGreaterThanOrEqualTo(committed.size());
        assertThat(seen.stream().distinct().toList()).containsExactlyInAnyOrderElementsOf(committed);
        seen.stream().distinct().collect(Collectors.groupingBy(LogRecord::room))
                .values().forEach(entries -> assertThat(entries).extracting(LogRecord::seq).isSorted());
    }
}
