package io.millrace.standalone.command;

import io.millrace.contract.topic.Topics;
import io.millrace.standalone.failures.FailureTopic;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command reads. */
final class ClusterOptions {
    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The cluster (default: KAFKA_BOOTSTRAP_SERVERS, else 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

    @Option(names = "--kafka-config", paramLabel = "FILE", description = Environment.KAFKA_CONFIG)
    private Path kafkaConfig;

    @Option(names = "--prefix", defaultValue = Topics.DEFAULT_PREFIX, description = "millrace.topics.prefix (default: ${DEFAULT-VALUE}).")
    private String prefix;

    FailureTopic failures() {
        return new FailureTopic(Environment.kafka(bootstrap, kafkaConfig), prefix);
    }
}
