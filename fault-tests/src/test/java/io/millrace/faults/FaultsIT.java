package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.SyncState;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.millrace.testing.TopicReader;
import io.millrace.testing.guarantee.log.DenseSeqs;
import io.millrace.testing.guarantee.log.LogGuarantee;
import io.millrace.testing.guarantee.log.Logged;
import io.millrace.testing.guarantee.log.NoSecondEntry;
import io.millrace.testing.guarantee.log.NothingAcceptedLost;
import io.millrace.testing.guarantee.log.OrderedPerLane;
import io.millrace.testing.guarantee.log.UncommittedReadersSawTheCommittedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two pods of ingest and two of the streams service as processes under load: whatever is killed, stopped or restarted, the topics keep
 * their promises (ING-2, SYN-1, SYN-2, SYN-9, LOG-1, LOG-4).
 */
class FaultsIT {
    private static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Longer than the session and the transaction timeout: an owner that stands still so long has been replaced. */
    private static final Duration STANDSTILL = Duration.ofSeconds(15);
    private static final int SOME = 150;

    @TempDir
    private static Path files;

    private static TestKafka kafka;
    private static TestTokens tokens;
    private static List<Pod> ingest;
    private static List<Pod> streams;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start(1).with(TOPICS);
        tokens = TestTokens.issuer();
        var key = tokens.writePublicKey(files.resolve("keys"));
        int partitions = TOPICS.text().partitions();
        ingest = Stream.of("ingest-a", "ingest-b").map(name -> Pod.ingest(name, kafka.bootstrap(), partitions, key, files.resolve("attachments"))).toList();
        streams = Stream.of("streams-a", "streams-b").map(name -> Pod.streams(name, kafka.bootstrap(), partitions, files.resolve("state"))).toList();
        pods().forEach(Pod::start);
        pods().forEach(Pod::awaitReady);
    }

    @AfterAll
    static void stop() {
        pods().forEach(Pod::close);
        kafka.close();
    }

    @Test
    @DisplayName("kill -9 of each pod in turn")
    void survivesKilledPods() {
        keepsItsPromises("killed", load -> pods().forEach(pod -> {
            pod.kill();
            load.awaitAccepted(SOME);
            pod.start().awaitReady();
        }));
    }

    @Test
    @DisplayName("each pod stands still until it is replaced, one of each kind at a time, and comes back")
    void survivesPodsThatStandStill() {
        keepsItsPromises("still", load -> IntStream.range(0, 2).mapToObj(n -> List.of(streams.get(n), ingest.get(n))).forEach(pair -> {
            pair.forEach(Pod::standStill);
            pass(STANDSTILL);
            pair.forEach(Pod::goOn);
            pair.forEach(Pod::awaitReady);
            load.awaitAccepted(SOME);
        }));
    }

    @Test
    @DisplayName("a rolling restart")
    void survivesARollingRestart() {
        keepsItsPromises("rolling", load -> pods().forEach(pod -> {
            pod.stop();
            pod.start().awaitReady();
        }));
    }

    @Test
    @DisplayName("a restart of the broker")
    void survivesARestartOfTheBroker() {
        keepsItsPromises("broker", load -> {
            kafka.stopBroker(0);
            kafka.startBroker(0);
            load.awaitAccepted(SOME);
        });
    }

    private interface Fault {
        void happenUnder(Load load);
    }

    private static void keepsItsPromises(String session, Fault fault) {
        Set<String> accepted;
        try (var load = new Load(session, tokens, ingest.stream().map(Pod::socket).toList())) {
            load.awaitAccepted(SOME);
            fault.happenUnder(load);
            accepted = load.finish();
            assertThat(load.refused()).as("answers that no fault explains").isEmpty();
        }
        var logged = awaitOutcomes(accepted);
        LogGuarantee.verify(logged, new NothingAcceptedLost(accepted), new OrderedPerLane(), new DenseSeqs(), new NoSecondEntry(), new UncommittedReadersSawTheCommittedLog());
        // what waited longer in a dead pod than a hole is waited for is told so; nothing else may fail
        assertThat(logged.terminal().values()).allSatisfy(events -> assertThat(events.get(0)).satisfiesAnyOf(
                event -> assertThat(event.state()).isEqualTo(SyncState.SYNCED),
                event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.OVERTAKEN)));
    }

    private static Logged awaitOutcomes(Set<String> accepted) {
        var reader = new TopicReader(Map.of("bootstrap.servers", kafka.bootstrap()));
        try {
            return await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> Logged.read(reader, TOPICS), logged -> logged.terminal().keySet().containsAll(accepted));
        } catch (ConditionTimeoutException e) {
            var missing = new ArrayList<>(accepted);
            missing.removeAll(Logged.read(reader, TOPICS).terminal().keySet());
            throw new AssertionError(missing.size() + " of " + accepted.size() + " accepted messages have no outcome: " + missing + "\n"
                    + streams.stream().map(Pod::output).collect(Collectors.joining("\n")), e);
        }
    }

    private static List<Pod> pods() {
        return Stream.concat(streams.stream(), ingest.stream()).toList();
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.multipliedBy(2)).until(() -> true);
    }
}
