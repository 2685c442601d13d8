package io.millrace.standalone.command;

import io.millrace.contract.topic.Topics;
import io.millrace.standalone.failures.FailureTopic;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command reads. */
final class ClusterOptions {
    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The cluster (default: 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

    @Option(names = "--kafka-config", paramLabel = "FILE", description = Cluster.CONFIG_DESCRIPTION)
    private Path kafkaConfig;

    @Option(names = "--prefix", defaultValue = Topics.DEFAULT_PREFIX, description = "millrace.topics.prefix (default: ${DEFAULT-VALUE}).")
    private String prefix;

    FailureTopic failures() {
        var cluster = Cluster.of(bootstrap, kafkaConfig);
        return new FailureTopic(cluster.servers(), cluster.config(), prefix);
    }
}
