package io.millrace.streams.hook;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.api.TerminationStyle;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker with the catalogue's topics and a real hook: the test writes attempts as the lane scheduler does, and reads verdicts. */
final class HookScene implements AutoCloseable {
    static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    static final Duration PATIENCE = Duration.ofMinutes(2);

    final HookServer hook = new HookServer();
    private final KafkaCluster cluster;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    HookScene() {
        cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder().brokersNum(1).kraftMode(true)
                .brokerConfigs(Map.of("auto.create.topics.enable", "false")).build());
        cluster.start();
        try (var admin = admin()) {
            new TopicSetup(admin, TOPICS).ensure((short) 1);
        }
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap(), "max.in.flight.requests.per.connection", 1), new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest"), new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(TOPICS.hookVerdicts().name()).stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList());
    }

    String bootstrap() {
        return cluster.getBootstrapServers();
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    void stopKafka() {
        cluster.stopNodes(node -> true, TerminationStyle.GRACEFUL);
    }

    void startKafka() {
        cluster.startNodes(node -> true);
    }

    void attempt(HookAttempt attempt) {
        write(attempt.accepted().sender(), TOPICS.hookAttempts().encode(attempt));
    }

    /** One first attempt each for the messages m0, m1, … of the room. */
    void attempts(String room, int count) {
        IntStream.range(0, count).mapToObj(n -> HookFixtures.attempt(room, "m" + n, 1))
                .forEach(attempt -> producer.send(new ProducerRecord<>(TOPICS.hookAttempts().name(), "ana", TOPICS.hookAttempts().encode(attempt))));
        producer.flush();
    }

    void write(String key, byte[] value) {
        write(new ProducerRecord<>(TOPICS.hookAttempts().name(), key, value));
    }

    void write(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** The verdict on one attempt, whatever else comes in between. */
    HookVerdict verdict(HookAttempt attempt) {
        var message = attempt.accepted().message();
        return verdicts(message.room(), found -> found.stream().anyMatch(verdict -> names(verdict, message.id(), attempt.attempt()))).stream()
                .filter(verdict -> names(verdict, message.id(), attempt.attempt())).findFirst().orElseThrow();
    }

    /** The room's verdicts so far, once there are {@code enough}. */
    List<HookVerdict> verdicts(String room, Predicate<Collection<HookVerdict>> enough) {
        return Patience.await("verdicts on " + room).atMost(PATIENCE).until(() -> verdicts(room), enough::test);
    }

    List<HookVerdict> verdicts(String room) {
        return records().stream().map(record -> TOPICS.hookVerdicts().decode(record.value())).filter(verdict -> verdict.room().equals(room)).toList();
    }

    List<ConsumerRecord<String, byte[]>> records() {
        consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
        return seen;
    }

    private static boolean names(HookVerdict verdict, String id, int attempt) {
        return verdict.id().equals(id) && verdict.attempt() == attempt;
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        hook.close();
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException("unable to stop the test's Kafka", e);
        }
    }
}
