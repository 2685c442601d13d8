package io.millrace.streams.runtime;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.HostInfo;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How an application is started and kept alive, with a topology that can be made to fail. */
@ExtendWith(KafkaClusterExtension.class)
class ApplicationRunnerIT {
    private static final Topics TOPICS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_SESSION = Duration.ofMinutes(5);

    @BrokerCluster(numBrokers = 1)
    KafkaCluster cluster;

    @TempDir
    Path state;

    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final AtomicInteger processed = new AtomicInteger();
    private final BoundedRocks.Memory memory = new BoundedRocks.Memory(16 << 20);
    private Map<String, Object> kafka;

    @BeforeEach
    void createTopics() {
        kafka = new HashMap<>(cluster.getKafkaClientConfiguration());
        try (var admin = Admin.create(kafka)) {
            new TopicSetup(admin, TOPICS).ensure((short) 1);
        }
    }

    @AfterEach
    void freeMemory() {
        memory.close();
    }

    @Test
    void replacesAThreadThatDiesAndGoesOnWithTheSameRecord() {
        failuresLeft.set(2);
        try (var runner = runner(TOPICS); var writer = new LogWriter(kafka, TOPICS.roomLog(), "writer")) {
            runner.start();
            writer.commit("lobby", 1, 1);

            patiently().until(() -> processed.get() == 1);
            patiently().until(() -> runner.condition() instanceof Condition.Running);
            assertThat(runner.replacements()).isEqualTo(2);
        }
    }

    @Test
    void isDeadForGoodWithTheReasonWhenThreadsDieTooOften() {
        failuresLeft.set(Integer.MAX_VALUE);
        try (var runner = runner(TOPICS); var writer = new LogWriter(kafka, TOPICS.roomLog(), "writer")) {
            runner.start();
            writer.commit("lobby", 1, 1);

            patiently().until(() -> runner.condition() instanceof Condition.Dead);
            patiently().until(() -> runner.streams().orElseThrow().state().hasCompletedShutdown());
            assertThat(runner.condition()).isInstanceOf(Condition.Dead.class);
            assertThat(runner.condition().reason()).startsWith("its threads die too often");
            assertThat(runner.replacements()).isEqualTo(2);
        }
    }

    @Test
    void refusesToStartOnAnotherPartitionCountAndSaysWhy() {
        try (var runner = runner(Topics.of("chat.", 3, Topics.DEFAULT_LOG_RETENTION))) {
            runner.start();

            patiently().untilAsserted(() -> assertThat(runner.condition().reason()).contains("chat.room-log: partitions is 1, wanted 3"));
            assertThat(runner.condition()).isInstanceOf(Condition.Waiting.class);
            assertThat(runner.streams()).isEmpty();
        }
    }

    @Test
    void waitsForTopicsThatAreMissingAndStopsWhileItWaits() {
        try (var runner = runner(Topics.of("other.", 1, Topics.DEFAULT_LOG_RETENTION))) {
            runner.start();
            patiently().untilAsserted(() -> assertThat(runner.condition().reason()).startsWith("topics are missing: ").contains("other.room-log"));
            runner.close();
            assertThat(runner.condition()).isInstanceOf(Condition.Closed.class);
            assertThat(runner.streams()).isEmpty();
        }
    }

    @Test
    void leavesItsGroupWhenItStopsSoThatItsTasksMoveAtOnce() throws Exception {
        try (var runner = runner(TOPICS, settings(Optional.empty(), LONG_SESSION))) {
            runner.start();
            patiently().until(() -> members() == 1);
            runner.close();
            patiently().until(() -> members() == 0); // long before its session could have timed out
        }
    }

    @Test
    void staysInItsGroupUnderItsNameSoThatItCanComeBack() throws Exception {
        try (var runner = runner(TOPICS, settings(Optional.of("named"), LONG_SESSION))) {
            runner.start();
            patiently().until(() -> members() == 1);
            runner.close();
            assertThat(members()).isEqualTo(1);
        }
    }

    private int members() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(kafka)) {
            return admin.describeConsumerGroups(List.of("test-failing")).all().get().get("test-failing").members().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    /** The threads of these tests die on purpose. */
    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).dontCatchUncaughtExceptions();
    }

    private ApplicationRunner runner(Topics topics) {
        return runner(topics, settings(Optional.empty(), Duration.ofSeconds(6)));
    }

    private TestStreamsSettings settings(Optional<String> instanceId, Duration session) {
        return new TestStreamsSettings(state, instanceId, session, 2);
    }

    private ApplicationRunner runner(Topics topics, TestStreamsSettings settings) {
        var application = new StreamsApplication("failing", this::topology, Map.of(), Optional.empty());
        var properties = new SharedProperties(settings, kafka, new HostInfo("127.0.0.1", 1), memory).of(application);
        return new ApplicationRunner(application, properties, new TopicGate(kafka, topics, List.of()), settings, Clock.systemUTC());
    }

    private Topology topology() {
        var topology = new Topology();
        topology.addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), TOPICS.roomLog().name());
        topology.<byte[], byte[], Void, Void>addProcessor("fail-at-times", () -> new FailingProcessor(), "read");
        return topology;
    }

    private final class FailingProcessor implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            if (failuresLeft.getAndDecrement() > 0) {
                throw new IllegalStateException("unable to go on; the test wants it so");
            }
            processed.incrementAndGet();
        }
    }
}
