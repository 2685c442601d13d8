package io.millrace.standalone.command;

import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
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

    @Option(names = "--bootstrap", scope = ScopeType.INHERIT, paramLabel = "HOST:PORT", description = "The cluster (default: 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

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

    private int told(Function<TopicSetup, List<Drift>> question) {
        String servers = bootstrap != null ? bootstrap : "127.0.0.1:" + Environment.kafkaPort();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers, "request.timeout.ms", "5000", "default.api.timeout.ms", "10000"))) {
            var drifts = question.apply(new TopicSetup(admin, Topics.of(prefix, partitions, retention)));
            var out = spec.commandLine().getOut();
            drifts.forEach(out::println);
            out.println(drifts.isEmpty() ? "The topics are as they should be." : drifts.size() + " differences.");
            return drifts.isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (KafkaException | IllegalStateException e) {
            throw new CannotStart("unable to ask " + servers + " for its topics; " + e.getMessage(), e);
        }
    }
}
