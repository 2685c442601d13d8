package io.millrace.delivery;

import io.millrace.contract.topic.Topics;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a delivery service needs around it: a real Kafka, the topics, a history view over HTTP, an issuer of tokens. */
public final class DeliveryResource implements QuarkusTestResourceLifecycleManager {
    private static final Topics TOPICS = Topics.of("chat.", 4, Duration.ofDays(30));

    private final Map<String, String> extra = new HashMap<>();
    private World world;

    @Override
    public void init(Map<String, String> args) {
        extra.putAll(args);
    }

    @Override
    public Map<String, String> start() {
        var kafka = TestKafka.start(1).with(TOPICS);
        world = new World(kafka, TOPICS, TestHistoryView.start(kafka.bootstrap(), TOPICS), TestTokens.issuer(), new RoomLogWriter(kafka.bootstrap(), TOPICS));
        Map<String, String> config = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrap(),
                "millrace.topics.partitions", "4",
                "millrace.delivery.history-url", world.view().url(),
                "millrace.auth.public-key-location", publicKey(world.tokens()),
                "millrace.delivery.check-interval", "200ms",
                "millrace.delivery.retry-after", "100ms",
                "millrace.gate.connections-per-address.rate", "10000",
                "millrace.gate.connections-per-address.burst", "10000",
                "millrace.gate.connections-per-sender", "1000"));
        config.putAll(Map.of(
                "quarkus.http.test-port", "0",
                // a slow machine is no outage
                "millrace.delivery.kafka-timeout", "10s",
                "millrace.delivery.hello-timeout", "20s",
                "millrace.delivery.history.timeout", "10s",
                "quarkus.http.host", "127.0.0.1"));
        config.putAll(extra);
        return config;
    }

    private static String publicKey(TestTokens tokens) {
        try {
            return tokens.writePublicKey(Files.createTempDirectory("millrace-keys")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(world, new TestInjector.MatchesType(World.class));
    }

    @Override
    public void stop() {
        if (world != null) {
            world.writer().close();
            world.view().close();
            world.kafka().close();
        }
    }

    /** What a test may reach for. */
    public record World(TestKafka kafka, Topics topics, TestHistoryView view, TestTokens tokens, RoomLogWriter writer) {
    }
}
