package io.millrace.streams.runtime;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.api.TerminationStyle;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A broker whose address is known to the application but which is stopped when the application starts. */
public final class BrokerThatComesLate implements QuarkusTestResourceLifecycleManager {
    private KafkaCluster cluster;

    @Override
    public Map<String, String> start() {
        cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder().brokersNum(1).kraftMode(true).build());
        cluster.start();
        var bootstrap = cluster.getBootstrapServers();
        cluster.stopNodes(node -> true, TerminationStyle.GRACEFUL);
        return Map.of(
                "kafka.bootstrap.servers", bootstrap,
                "millrace.topics.partitions", "2",
                "millrace.streams.state-dir", stateDir().toString(),
                "millrace.streams.topics-retry", "200ms",
                "millrace.history.host", "127.0.0.1",
                "millrace.history.port", "0");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(cluster, new TestInjector.MatchesType(KafkaCluster.class));
    }

    @Override
    public void stop() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException("unable to stop the broker; " + e.getMessage(), e);
        }
    }

    private static Path stateDir() {
        try {
            return Files.createTempDirectory(Path.of("target"), "streams");
        } catch (IOException e) {
            throw new IllegalStateException("unable to make a state directory; " + e.getMessage(), e);
        }
    }
}
