package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.contract.json.Json;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was planted in a real cluster is found, each with what to do; nothing else is called wrong. TOP-3, SEC-4. */
class DoctorIT {
    private static final Topics TOPICS = Topics.of("chat.", 2, Topics.DEFAULT_LOG_RETENTION);

    private static TestKafka kafka;
    private static KafkaProducer<String, String> hanging;

    @TempDir
    Path files;

    @BeforeAll
    static void plant() throws Exception {
        kafka = TestKafka.start(1, Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true",
                "auto.create.topics.enable", "true",
                "transaction.max.timeout.ms", "900000"));
        try (Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("chat.hook-attempts", Optional.of(3), Optional.empty()).configs(TOPICS.hookAttempts().config()))).all().get();
            new TopicSetup(admin, TOPICS).ensure((short) -1);
            admin.deleteTopics(List.of("chat.attachments")).all().get();
            alter(admin, "chat.sync-events", "cleanup.policy", "compact");
            alter(admin, "chat.failures", "retention.ms", "60000");
            alter(admin, "chat.messages.text", "unclean.leader.election.enable", "true");
            admin.alterConsumerGroupOffsets("millrace-lane-scheduler", Map.of(new TopicPartition("chat.messages.text", 0), new OffsetAndMetadata(0))).all().get();
            var readOnly = new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.ALLOW);
            admin.createAcls(List.of(new AclBinding(new ResourcePattern(ResourceType.TOPIC, "chat.discontinuities", PatternType.LITERAL), readOnly))).all().get();
        }
        leaveATransactionHanging();
    }

    private static void alter(Admin admin, String topic, String name, String value) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET)));
        admin.incrementalAlterConfigs(change).all().get();
    }

    private static void leaveATransactionHanging() throws Exception {
        hanging = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "foreign", "transaction.timeout.ms", 600_000), new StringSerializer(), new StringSerializer());
        hanging.initTransactions();
        hanging.beginTransaction();
        hanging.send(new ProducerRecord<>("chat.room-log", 1, Instant.now().minus(Duration.ofMinutes(10)).toEpochMilli(), "lobby", "x")).get();
    }

    @AfterAll
    static void stop() {
        hanging.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void findsWhatWasPlantedAndSaysWhatToDo() {
        var lines = examined(1, "--bootstrap", kafka.bootstrap(), "--partitions", "2").lines().toList();
        assertThat(lines.get(0)).startsWith("✓ connection: cluster ").endsWith(", 1 broker");
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("! broker 0: auto.create.topics.enable is true"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ topic chat.hook-attempts: partitions is 3, wanted 2"));
        assertThat(lines).contains("✗ topic chat.attachments: missing; ./run topics ensure");
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ topic chat.sync-events: cleanup.policy is compact, wanted delete").contains("kafka-configs.sh"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("! topic chat.failures: retention.ms is 60000"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ topic chat.messages.text: unclean.leader.election.enable is true"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("! replicas: 1 broker"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ rights of delivery: Kafka does not allow: Write on topic chat.discontinuities"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ rights of streams: Kafka does not allow: ").contains("DescribeConfigs on topic chat.discontinuities"));
        assertThat(lines).contains("✓ rights of ingest: as needed");
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("! topic chat.discontinuities: these credentials may not look at it"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ group millrace-lane-scheduler: nobody is in it"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ group millrace-sync-states: does not exist"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("✗ transactions: one of producer ").contains("is open on chat.room-log-1 from offset 0", "kafka-transactions.sh abort"));
        assertThat(lines.stream().filter(line -> line.startsWith("✗"))).as("nothing else is wrong").hasSize(4 + 2 + 4 + 1);
    }

    @Test
    void asksForTheRightsOfOneServiceWithTheSettingsOfAFile() throws IOException {
        var config = Files.writeString(files.resolve("client.properties"), "bootstrap.servers=" + kafka.bootstrap() + "\n");
        assertThat(examined(1, "--kafka-config", config.toString(), "--partitions", "2", "--rights-of", "ingest")).contains("rights of ingest").doesNotContain("rights of delivery");
    }

    @Test
    void tellsTheSameAsJson() throws IOException {
        var lines = examined(1, "--bootstrap", kafka.bootstrap(), "--partitions", "2", "--json").lines().toList();
        assertThat(Json.MAPPER.readTree(lines.get(0)).path("verdict").asText()).isEqualTo("good");
        assertThat(lines).contains("{\"verdict\":\"bad\",\"check\":\"topic chat.attachments\",\"found\":\"missing\",\"advice\":\"./run topics ensure\"}");
    }

    @Test
    void tellsWhatAServiceSaysOfItselfAndWhetherItsClockIsRight() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map.of("/q/health/live", "{}", "/q/metrics", "process_start_time_seconds 1.0\nprocess_uptime_seconds 9.0\n",
                "/q/health/ready", "{\"checks\":[{\"name\":\"ingest\",\"status\":\"DOWN\",\"data\":{\"reason\":\"Kafka is away\"}},{\"name\":\"other\",\"status\":\"UP\"}]}").forEach((path, body) -> server.createContext(path, exchange -> {
                    exchange.sendResponseHeaders(path.endsWith("ready") ? 503 : 200, body.length());
                    exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                }));
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            int nobody = FreePort.any();
            assertThat(examined(1, "--bootstrap", "127.0.0.1:" + FreePort.any(), "--service", url, "--service", "http://127.0.0.1:" + nobody))
                    .contains("✗ connection: the brokers do not answer", "✗ service " + url + ": not ready: ingest {\"reason\":\"Kafka is away\"}", "! service " + url + " clock: differs",
                            "✗ service http://127.0.0.1:" + nobody + ": does not answer").hasLineCount(4);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhatIsWrongWithItsOptions() {
        assertThat(examined(3, "--kafka-config", files.resolve("none").toString())).startsWith("unable to read ");
        assertThat(examined(3, "--bootstrap", "kafka.invalid:9092")).contains("unable to examine kafka.invalid:9092; No resolvable bootstrap urls");
    }

    private static String examined(int exitCode, String... options) {
        var told = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("doctor"));
        arguments.addAll(Arrays.asList(options));
        var writer = new PrintWriter(told, true);
        int code = Millrace.commandLine().setOut(writer).setErr(writer).execute(arguments.toArray(String[]::new));
        assertThat(code).as(told.toString()).isEqualTo(exitCode);
        return told.toString();
    }
}
