package io.millrace.standalone.command;

import io.millrace.contract.json.Json;
import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.doctor.Cluster;
import io.millrace.standalone.doctor.Doctor;
import io.millrace.standalone.doctor.Finding;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what stands against Millrace running well on a cluster, and what to do about it. It changes nothing. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
        "Look at a cluster and the services on it: connection, brokers' settings, topics, copies, rights, consumer groups, hanging transactions, health, clocks.",
        "One line a check: ✓ good, ! worth a look, ✗ wrong and what to do. Exit code 1 when something is wrong. It changes nothing."})
public final class DoctorCommand implements Callable<Integer> {
    private static final String PATIENCE_MILLIS = "8000";

    @Spec
    private CommandSpec spec;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The cluster (default: KAFKA_BOOTSTRAP_SERVERS, else 127.0.0.1: and MILLRACE_KAFKA_PORT or 9092).")
    private String bootstrap;

    @Option(names = "--kafka-config", paramLabel = "FILE", description = Environment.KAFKA_CONFIG)
    private Path config;

    @Option(names = "--prefix", defaultValue = Topics.DEFAULT_PREFIX, description = "millrace.topics.prefix (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--partitions", defaultValue = "" + Topics.DEFAULT_PARTITIONS, description = "millrace.topics.partitions (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--room-log-retention", paramLabel = "DURATION", converter = DurationOption.class, defaultValue = "30d", description = "millrace.topics.room-log-retention (default: ${DEFAULT-VALUE}).")
    private Duration retention;

    @Option(names = "--application-prefix", defaultValue = KafkaRights.DEFAULT_APPLICATION_PREFIX, description = "millrace.streams.application-prefix (default: ${DEFAULT-VALUE}).")
    private String applicationPrefix;

    @Option(names = "--rights-of", paramLabel = "ROLE", split = ",", description = "Whose rights these credentials must have: ${COMPLETION-CANDIDATES} (default: those of the services).")
    private List<KafkaRole> roles = List.of(KafkaRole.INGEST, KafkaRole.STREAMS, KafkaRole.DELIVERY);

    @Option(names = "--service", paramLabel = "URL", description = "Where a service answers, such as http://ingest:8080; any number of them.")
    private List<URI> urls = List.of();

    @Option(names = "--json", description = "One JSON object a line: verdict (good, doubtful, bad), check, found, advice.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var topics = Topics.of(prefix, partitions, retention);
        var kafka = Environment.kafka(bootstrap, config);
        try (var admin = Admin.create(kafka.with(Map.of("request.timeout.ms", PATIENCE_MILLIS, "default.api.timeout.ms", PATIENCE_MILLIS)))) {
            var doctor = new Doctor(EnumSet.copyOf(roles), urls);
            boolean well = doctor.examine(new Cluster(admin, topics, prefix, applicationPrefix), finding -> out.println(json ? object(finding) : finding.line()));
            return well ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
        } catch (KafkaException e) {
            throw new CannotStart("unable to examine " + kafka.servers() + "; " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
    }

    private static String object(Finding finding) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("verdict", finding.verdict().wireName());
        fields.put("check", finding.check());
        fields.put("found", finding.found());
        if (finding.advice() != null) {
            fields.put("advice", finding.advice());
        }
        return new String(Json.bytes(fields), StandardCharsets.UTF_8);
    }
}
