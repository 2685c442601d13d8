package io.millrace.testing;

import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;

/**
 * A cluster of three brokers, each a process of its own, so that one can be killed or halted as the world does it. Every partition has three
 * replicas, two of which must have a record before it is acknowledged: one broker may always be missing.
 */
public final class BrokerProcesses implements AutoCloseable {
    private static final int BROKERS = 3;
    private static final short REPLICAS = BROKERS;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final List<Broker> brokers;

    private BrokerProcesses(List<Broker> brokers) {
        this.brokers = brokers;
    }

    /** Their data and logs lie in {@code directory}. */
    public static BrokerProcesses start(Path directory) {
        var clusterId = Uuid.randomUuid().toString();
        var controllers = IntStream.range(0, BROKERS).mapToObj(node -> FreePort.any()).toList();
        var voters = IntStream.range(0, BROKERS).mapToObj(node -> node + "@127.0.0.1:" + controllers.get(node)).collect(Collectors.joining(","));
        var cluster = new BrokerProcesses(IntStream.range(0, BROKERS)
                .mapToObj(node -> new Broker(node, directory.resolve("broker-" + node), clusterId, voters, controllers.get(node))).toList());
        cluster.brokers.forEach(Broker::start);
        cluster.awaitAll();
        return cluster;
    }

    /** Creates what is missing of the catalogue. */
    public BrokerProcesses with(Topics topics) {
        try (Admin admin = admin()) {
            new TopicSetup(admin, topics).ensure(REPLICAS);
        }
        return this;
    }

    public String bootstrap() {
        return brokers.stream().map(broker -> "127.0.0.1:" + broker.port).collect(Collectors.joining(","));
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap(), "default.api.timeout.ms", (int) ANSWER.toMillis(), "request.timeout.ms", (int) ANSWER.toMillis() / 2));
    }

    public int count() {
        return BROKERS;
    }

    public void kill(int node) {
        brokers.get(node).process.kill();
    }

    public void standStill(int node) {
        brokers.get(node).process.signal("STOP");
    }

    public void goOn(int node) {
        brokers.get(node).process.signal("CONT");
    }

    public void start(int node) {
        brokers.get(node).start();
    }

    /** Waits until every partition has all its replicas in sync again. */
    public void awaitInSync(Topics topics) {
        Awaitility.await("all replicas to be in sync").atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            alive();
            return partitions(topics).map(all -> all.stream().allMatch(partition -> partition.isr().size() == BROKERS)).orElse(false);
        });
    }

    private void awaitAll() {
        Awaitility.await("three brokers").atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            alive();
            try (Admin admin = admin()) {
                return admin.describeCluster().nodes().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).size() == BROKERS;
            } catch (ExecutionException | TimeoutException notYet) {
                return false;
            }
        });
    }

    private Optional<List<TopicPartitionInfo>> partitions(Topics topics) throws InterruptedException {
        var names = topics.all().stream().map(topic -> topic.name()).toList();
        try (Admin admin = admin()) {
            return Optional.of(admin.describeTopics(names).allTopicNames().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream()).toList());
        } catch (ExecutionException | TimeoutException notNow) {
            return Optional.empty();
        }
    }

    /** Fails when a broker that should run has ended by itself. */
    private void alive() {
        brokers.stream().filter(broker -> !broker.process.isAlive()).findFirst().ifPresent(dead -> {
            throw new AssertionError("broker " + dead.node + " ended: " + dead.process.output() + dead.process.errors());
        });
    }

    @Override
    public void close() {
        brokers.forEach(broker -> {
            if (broker.process != null) {
                broker.process.close();
            }
        });
    }

    /** One of them; keeps its ports and data when it is started again. */
    private static final class Broker {
        private final int node;
        private final int port = FreePort.any();
        private final Path settings;
        private ChildProcess process;

        Broker(int node, Path directory, String clusterId, String voters, int controllerPort) {
            this.node = node;
            this.settings = directory.resolve("server.properties");
            var data = directory.resolve("data");
            try {
                Files.createDirectories(data);
                Files.write(settings, settings(data, voters, controllerPort).entrySet().stream().map(setting -> setting.getKey() + "=" + setting.getValue()).toList());
                new Formatter().setClusterId(clusterId).setNodeId(node).setControllerListenerName("CONTROLLER").addDirectory(data.toString())
                        .setMetadataLogDirectory(data.toString()).setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                        .setPrintStream(new PrintStream(OutputStream.nullOutputStream())).run();
            } catch (IOException e) {
                throw new UncheckedIOException("unable to prepare " + directory, e);
            } catch (Exception e) {
                throw new IllegalStateException("unable to format " + directory, e);
            }
        }

        private Map<String, String> settings(Path data, String voters, int controllerPort) {
            Map<String, String> settings = new TreeMap<>(Map.of(
                    "process.roles", "broker,controller",
                    "node.id", Integer.toString(node),
                    "controller.quorum.voters", voters,
                    "controller.listener.names", "CONTROLLER",
                    "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                    "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "log.dirs", data.toString(),
                    "auto.create.topics.enable", "false"));
            settings.putAll(Map.of(
                    "offsets.topic.replication.factor", Short.toString(REPLICAS),
                    "offsets.topic.num.partitions", "4",
                    "transaction.state.log.replication.factor", Short.toString(REPLICAS),
                    "transaction.state.log.min.isr", "2",
                    "transaction.state.log.num.partitions", "4",
                    "default.replication.factor", Short.toString(REPLICAS),
                    "min.insync.replicas", "2",
                    "add.partitions.to.txn.retry.backoff.ms", "1",
                    "log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20)));
            return settings;
        }

        void start() {
            if (process != null) {
                process.close();
            }
            var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            process = ChildProcess.java(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes, "kafka.Kafka", settings.toString()), Map.of());
        }
    }
}
