package io.millrace.faults;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.record.SyncState;
import io.millrace.contract.topic.Topics;
import io.millrace.pods.Pod;
import io.millrace.testing.TestTokens;
import io.millrace.testing.TopicReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Pods of ingest and of the streams service around a cluster, and what must be true of the topics whatever happens to pods and brokers under load. */
final class Deployment implements AutoCloseable {
    static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    static final int SOME = 150;
    /** Longer than a producer tries to write a batch (two minutes): what waits for one that Kafka does not take is written again then. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String bootstrap;
    private final TestTokens tokens = TestTokens.issuer();
    private final Path key;
    private final List<Pod> ingest;
    private final List<Pod> streams;

    /** So many pods of each kind; what they keep lies in {@code files}. */
    Deployment(String bootstrap, Path files, int each) {
        this.bootstrap = bootstrap;
        key = tokens.writePublicKey(files.resolve("keys"));
        int partitions = TOPICS.text().partitions();
        ingest = IntStream.range(0, each).mapToObj(n -> Pod.ingest("ingest-" + n, bootstrap, partitions, key, files.resolve("attachments"))).toList();
        streams = IntStream.range(0, each).mapToObj(n -> Pod.streams("streams-" + n, bootstrap, partitions, files.resolve("state"))).toList();
    }

    Deployment start() {
        pods().forEach(Pod::start);
        pods().forEach(Pod::awaitReady);
        return this;
    }

    List<Pod> pods() {
        return Stream.concat(streams.stream(), ingest.stream()).toList();
    }

    List<Pod> ingest() {
        return ingest;
    }

    List<Pod> streams() {
        return streams;
    }

    TestTokens tokens() {
        return tokens;
    }

    /** The file with the key that its tokens are verified with. */
    Path key() {
        return key;
    }

    /** What goes wrong while messages flow. */
    interface Fault {
        void happenUnder(Load load);
    }

    /** Returns what is accepted and stands on the topics when every message has its outcome. */
    Outcome keepsItsPromises(String session, Fault fault) {
        Set<String> accepted;
        Duration longestWait;
        try (var load = new Load(session, tokens, ingest.stream().map(pod -> pod.at("ws", "/v1/ingest")).toList())) {
            load.awaitAccepted(SOME);
            fault.happenUnder(load);
            accepted = load.finish();
            longestWait = load.longestWait();
            assertThat(load.refused()).as("answers that no fault explains").isEmpty();
        }
        var logged = awaitOutcomes(accepted);
        assertThat(logged.violations(accepted, List.of())).isEmpty();
        // what waited longer in a dead pod than a hole is waited for is told so; nothing else may fail
        assertThat(logged.terminal().values()).allSatisfy(events -> assertThat(events.get(0)).satisfiesAnyOf(
                event -> assertThat(event.state()).isEqualTo(SyncState.SYNCED),
                event -> assertThat(event.cause().code()).isEqualTo(ErrorCode.OVERTAKEN)));
        long overtaken = logged.terminal().values().stream().filter(events -> events.get(0).state() == SyncState.FAILED).count();
        System.out.printf(Locale.ROOT, "%s: %d accepted, none lost, doubled or out of order; %d of all so far overtaken; at most %.1f s without an acceptance%n",
                session, accepted.size(), overtaken, longestWait.toMillis() / 1000.0);
        return new Outcome(accepted, logged);
    }

    record Outcome(Set<String> accepted, Logged logged) {
    }

    private Logged awaitOutcomes(Set<String> accepted) {
        var reader = new TopicReader(Map.of("bootstrap.servers", bootstrap));
        try {
            return await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> Logged.read(reader, TOPICS), logged -> logged.terminal().keySet().containsAll(accepted));
        } catch (ConditionTimeoutException e) {
            var missing = new ArrayList<>(accepted);
            missing.removeAll(Logged.read(reader, TOPICS).terminal().keySet());
            throw new AssertionError(missing.size() + " of " + accepted.size() + " accepted messages have no outcome, " + missing.get(0) + " among them\n"
                    + ClusterReport.of(bootstrap) + streams.stream().map(Deployment::troubles).collect(Collectors.joining("\n")), e);
        }
    }

    /** What a pod had to say since it was started last, without its everyday words. */
    private static String troubles(Pod pod) {
        return pod.output().lines().filter(line -> !line.contains("\"level\":\"INFO\"")).collect(Collectors.joining("\n"));
    }

    static void pass(Duration time) {
        await().pollDelay(time).atMost(time.multipliedBy(2)).until(() -> true);
    }

    @Override
    public void close() {
        pods().forEach(Pod::close);
    }
}
