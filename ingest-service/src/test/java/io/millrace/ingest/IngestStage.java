package io.millrace.ingest;

import io.millrace.contract.topic.Topics;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** What ingest needs around it in a test: a real broker with the topics, and an issuer of tokens. */
public class IngestStage implements QuarkusTestResourceLifecycleManager {
    public static final int PARTITIONS = 4;
    public static final Topics TOPICS = Topics.of(Topics.DEFAULT_PREFIX, PARTITIONS, Topics.DEFAULT_LOG_RETENTION);

    private final TestTokens tokens = TestTokens.issuer();
    private TestKafka kafka;

    @Override
    public Map<String, String> start() {
        kafka = TestKafka.start(1).with(TOPICS);
        Map<String, String> config = new HashMap<>();
        config.put("kafka.bootstrap.servers", kafka.bootstrap());
        config.put("millrace.topics.partitions", Integer.toString(PARTITIONS));
        config.put("millrace.auth.public-key-location", keyFile());
        config.put("millrace.gate.connections-per-sender", "1000");
        config.put("millrace.gate.connections-per-address.burst", "100000");
        config.put("quarkus.http.test-port", "0");
        config.put("millrace.ingest.lateness.enabled", "false"); // nothing is behind ingest here
        config.putAll(changes());
        return config;
    }

    /** Rates so high that no test meets them by accident. */
    protected Map<String, String> changes() {
        return Map.of("millrace.ingest.rate", "1000000", "millrace.ingest.burst", "1000000");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(kafka, new TestInjector.MatchesType(TestKafka.class));
        injector.injectIntoFields(tokens, new TestInjector.MatchesType(TestTokens.class));
    }

    @Override
    public void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    private String keyFile() {
        try {
            return tokens.writePublicKey(Files.createTempDirectory("millrace-ingest")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
