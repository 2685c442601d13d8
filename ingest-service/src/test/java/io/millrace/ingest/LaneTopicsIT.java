package io.millrace.ingest;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.Frames;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** TOP-3, ING-6: nothing is sent to lane topics that are missing or have another number of partitions; when they are right, sending begins. */
@ExtendWith(KafkaClusterExtension.class)
class LaneTopicsIT {
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    KafkaCluster cluster;
    private Admin admin;
    private LaneWriter writer;
    private LaneTopics topics;

    @BeforeEach
    void begin() throws IOException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", cluster.getBootstrapServers());
        var config = new SmallRyeConfigBuilder().addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(getClass().getResource("/META-INF/microprofile-config.properties"), 100))
                .withSources(new PropertiesConfigSource(Map.of("millrace.topics.partitions", Integer.toString(PARTITIONS), "millrace.ingest.topics-check", "100ms"), "test", 200))
                .withMapping(IngestConfig.class).withMapping(IngestTopics.class).withValidateUnknown(false).build();
        var ingestConfig = config.getConfigMapping(IngestConfig.class);
        var ingestTopics = config.getConfigMapping(IngestTopics.class);
        admin = Admin.create(kafka);
        writer = new LaneWriter(kafka, ingestConfig, ingestTopics, new IngestMetrics(new SimpleMeterRegistry()));
        topics = new LaneTopics(kafka, ingestConfig, ingestTopics, writer);
        topics.begin(null);
    }

    @AfterEach
    void end() {
        topics.end();
        writer.flush();
        admin.close();
    }

    @Test
    void sendsNothingUntilTheTopicsAreThereWithTheConfiguredPartitions() throws Exception {
        await().atMost(PATIENCE).until(() -> topics.trouble() != null && topics.trouble().contains("chat.messages.text: topic is missing"));
        assertThat(append()).hasValueSatisfying(failure -> assertThat(failure.reason()).contains("lane topics"));

        ensure(PARTITIONS - 1);
        await().atMost(PATIENCE).until(() -> topics.trouble() != null && topics.trouble().contains("chat.messages.text: partitions is 3, wanted 4"));
        assertThat(append()).isPresent();

        admin.deleteTopics(List.of("chat.messages.text", "chat.messages.media")).all().get();
        await().atMost(PATIENCE).until(() -> topics.trouble() != null && topics.trouble().contains("topic is missing"));
        ensure(PARTITIONS);
        await().atMost(PATIENCE).until(() -> topics.trouble() == null);
        assertThat(append()).isEmpty();

        admin.createPartitions(Map.of("chat.messages.media", NewPartitions.increaseTo(PARTITIONS + 1))).all().get();
        await().atMost(PATIENCE).until(() -> topics.trouble() != null && topics.trouble().contains("chat.messages.media: partitions is 5, wanted 4"));
        assertThat(append()).isPresent();
    }

    private void ensure(int partitions) {
        new TopicSetup(admin, Topics.of(Topics.DEFAULT_PREFIX, partitions, Topics.DEFAULT_LOG_RETENTION)).ensure((short) 1);
    }

    private Optional<AppendFailure> append() throws IOException {
        var message = Json.MAPPER.treeToValue(Frames.message("m1", "lobby", "s1", "x"), Message.class);
        var accepted = new AcceptedMessage("ana", Draft.now(), false, message);
        var outcome = new CompletableFuture<Optional<AppendFailure>>();
        assertThat(writer.append(Draft.of(accepted, Topics.of(Topics.DEFAULT_PREFIX, PARTITIONS, Topics.DEFAULT_LOG_RETENTION), Tracing.off().enter("test", TraceContext.NONE)),
                failure -> outcome.complete(Optional.ofNullable(failure)))).isTrue();
        return outcome.join();
    }
}
