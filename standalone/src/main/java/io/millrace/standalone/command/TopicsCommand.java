package io.millrace.standalone.command;

import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code topics verify} and {@code topics ensure}: the brokers' topics against the catalogue (TOP-3). Neither ever changes a topic. */
@Command(name = "topics", mixinStandardHelpOptions = true, description = "Compare a cluster's topics with what Millrace needs, or create what is missing.")
public final class TopicsCommand {
    @Spec
    private CommandSpec spec;

    @Option(names = "--bootstrap", scope = ScopeType.INHERIT, paramLabel = "HOST:PORT", description = "The cluster (default: KAFKA_BOOTSTRAP_SERVERS, else 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

    @Option(names = "--kafka-config", scope = ScopeType.INHERIT, paramLabel = "FILE", description = Environment.KAFKA_CONFIG)
    private Path kafkaConfig;

    @Option(names = "--prefix", scope = ScopeType.INHERIT, defaultValue = Topics.DEFAULT_PREFIX, description = "millrace.topics.prefix (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--partitions", scope = ScopeType.INHERIT, defaultValue = "" + Topics.DEFAULT_PARTITIONS,
            description = "millrace.topics.partitions (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--room-log-retention", scope = ScopeType.INHERIT, paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "30d",
            description = "millrace.topics.room-log-retention (default: ${DEFAULT-VALUE}).")
    private Duration retention;

    @Command(name = "verify", mixinStandardHelpOptions = true, description = "Tell every difference; exit code 1 when there is one.")
    int verify() {
        return told(TopicSetup::verify);
    }

    @Command(name = "ensure", mixinStandardHelpOptions = true, description = "Create what is missing, then verify.")
    int ensure(@Option(names = "--replication-factor", defaultValue = "-1", description = "Replicas of new topics (default: what the brokers say).") short replicas) {
        return told(setup -> setup.ensure(replicas));
    }

    /** The rights of every program as commands of Kafka's own tool (SEC-4); asks no cluster. */
    @Command(name = "rights", mixinStandardHelpOptions = true,
            description = "Print the ACLs that each program needs, and no more, as commands of kafka-acls.sh; asks no cluster.")
    int rights(@Option(names = "--application-prefix", defaultValue = KafkaRights.DEFAULT_APPLICATION_PREFIX,
            description = "millrace.streams.application-prefix (default: ${DEFAULT-VALUE}).") String applicationPrefix,
            @Option(names = "--principal-prefix", defaultValue = "User:",
            description = "Before the name of the role in the principal (default: ${DEFAULT-VALUE}).") String principalPrefix) {
        var out = spec.commandLine().getOut();
        KafkaRights.of(prefix, applicationPrefix).forEach(right -> out.println("kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --command-config \"$CONFIG\" --add"
                + " --allow-principal '" + principalPrefix + right.role() + "' " + right.asArguments()));
        return ExitCode.OK;
    }

    private int told(Function<TopicSetup, List<Drift>> question) {
        var kafka = Environment.kafka(bootstrap, kafkaConfig);
        try (Admin admin = Admin.create(kafka.with(Map.of("request.timeout.ms", "5000", "default.api.timeout.ms", "10000")))) {
            var drifts = question.apply(new TopicSetup(admin, Topics.of(prefix, partitions, retention)));
            var out = spec.commandLine().getOut();
            drifts.forEach(out::println);
            out.println(drifts.isEmpty() ? "The topics are as they should be." : drifts.size() + " differences.");
            return drifts.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (KafkaException | IllegalStateException e) {
            throw new CannotStart("unable to ask " + kafka.servers() + " for its topics; " + e.getMessage(), e);
        }
    }
}
