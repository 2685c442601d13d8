package io.millrace.testing;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.api.TerminationStyle;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A real Kafka in this JVM, for tests whose life is longer than one test class's extension allows; stopping a broker stops it gracefully. */
public final class TestKafka implements AutoCloseable {
    private static final Duration PATIENCE = Patience.LONG;

    private final KafkaCluster cluster;

    private TestKafka(KafkaCluster cluster) {
        this.cluster = cluster;
    }

    public static TestKafka start(int brokers) {
        return start(brokers, Map.of());
    }

    /** With settings of the brokers that differ from those of the other tests. */
    public static TestKafka start(int brokers, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "auto.create.topics.enable", "false",
                "default.replication.factor", Integer.toString(Math.min(3, brokers)),
                // retention is looked at soon and often
                "log.initial.task.delay.ms", "500",
                "log.retention.check.interval.ms", "500",
                "add.partitions.to.txn.retry.backoff.ms", "1"));
        all.putAll(settings);
        var cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder().brokersNum(brokers).kraftMode(true).brokerConfigs(all).build());
        cluster.start();
        return new TestKafka(cluster);
    }

    public String bootstrap() {
        return cluster.getBootstrapServers();
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    /** Creates what is missing of the catalogue. */
    public TestKafka with(Topics topics) {
        try (Admin admin = admin()) {
            new TopicSetup(admin, topics).ensure((short) -1);
        }
        return this;
    }

    public void stopBroker(int node) {
        cluster.stopNodes(id -> id == node, TerminationStyle.GRACEFUL);
    }

    public void startBroker(int node) {
        cluster.startNodes(id -> id == node);
    }

    /** Reads the topic from its beginning, read committed, until {@code count} wanted records are there; offsets are in order per partition. */
    public List<ConsumerRecord<String, byte[]>> records(Topic<?> topic, int count, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap(), "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(consumer.partitionsFor(topic.name()).stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList());
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (found.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (wanted.test(record)) {
                        found.add(record);
                    }
                });
            }
            if (found.size() < count) {
                throw new AssertionError("found " + found.size() + " of " + count + " records on " + topic.name());
            }
            return found;
        }
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException("unable to stop the test's Kafka", e);
        }
    }
}
