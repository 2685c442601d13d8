package io.millrace.ingest;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-8: ingest against a real broker whose pipeline stands still, or has caught up, as the test commits its groups' offsets. */
@QuarkusTest
@QuarkusTestResource(value = LatenessIT.Stage.class, restrictToAnnotatedClass = true)
class LatenessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCHEDULER = "millrace-lane-scheduler";
    private static final String SEQUENCER = "millrace-room-sequencer";
    private static final double THRESHOLD_SECONDS = 0.4;

    @TestHTTPResource("/v1/ingest")
    URI uri;
    @Inject
    MeterRegistry registry;
    TestKafka kafka;
    TestTokens tokens;
    private final List<FrameClient> clients = new ArrayList<>();
    private final String sender = "ana-" + UUID.randomUUID();

    @BeforeEach
    void catchUp() throws Exception {
        processEverything();
        await().atMost(PATIENCE).until(() -> lateness() == 0);
    }

    @AfterEach
    void end() {
        clients.forEach(FrameClient::close);
    }

    @Test
    @DisplayName("ING-8: read slower while nothing is processed, nothing refused, and at its own pace again once the groups have caught up")
    void readsSlowerWhileThePipelineIsLateAndRefusesNothing() throws Exception {
        double refused = refused();
        var client = connect();
        assertThat(client.send(Frames.text("m1", "lobby", "s1", 1, "x")).awaitReply(1).path("op").asText()).isEqualTo("accepted");
        await().atMost(PATIENCE).until(() -> lateness() > THRESHOLD_SECONDS);

        double before = pauses();
        client.sendJoined(IntStream.rangeClosed(2, 11).mapToObj(n -> Frames.text("m" + n, "lobby", "s1", n, "x")).toList());
        client.awaitCount(11, "accepted");
        assertThat(pauses() - before).as("a rest after each message").isEqualTo(10);
        assertThat(refused()).isEqualTo(refused);

        processEverything();
        await().atMost(PATIENCE).until(() -> lateness() == 0);
        client.send(Frames.text("m12", "lobby", "s1", 12, "x")).awaitReply(12);
        assertThat(pauses() - before).as("no rest any more").isEqualTo(10);
    }

    @Test
    @DisplayName("ING-8: a room sequencer that stands still counts too; what its lane scheduler's transactions leave in the inbox is no work")
    void looksAtTheRoomInboxAndTakesNoMarkerForWork() throws Exception {
        try (var producer = transactional()) {
            producer.beginTransaction();
            inbox(producer);
            producer.commitTransaction();
            commitInboxUpTo(1); // past the record, before the marker
            double looks = looks();
            await().atMost(PATIENCE).until(() -> {
                nudge();
                return looks() > looks + 3;
            });
            await().atMost(PATIENCE).until(() -> lateness() == 0);

            producer.beginTransaction();
            inbox(producer);
            producer.commitTransaction();
            await().atMost(PATIENCE).until(() -> {
                nudge(); // once is not enough: the broker ends a transaction a moment after the producer is told
                return lateness() > 10;
            });
        }
    }

    private void nudge() throws Exception {
        connect().send(Frames.text("m" + UUID.randomUUID(), "lobby", "s1", 1, "x")).awaitReply(1);
        processLanes();
    }

    private void inbox(KafkaProducer<String, byte[]> producer) {
        var longAgo = Instant.now().minusSeconds(30).toEpochMilli();
        producer.send(new ProducerRecord<>(IngestStage.TOPICS.roomInbox().name(), 0, longAgo, "lobby", new byte[] {1}));
    }

    private void processEverything() throws Exception {
        processLanes();
        process(SEQUENCER, IngestStage.TOPICS.roomInbox().name());
    }

    private void processLanes() throws Exception {
        process(SCHEDULER, IngestStage.TOPICS.text().name(), IngestStage.TOPICS.media().name());
    }

    private void process(String group, String... topics) throws Exception {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetSpec> question = new HashMap<>();
            for (String topic : topics) {
                IntStream.range(0, IngestStage.PARTITIONS).forEach(partition -> question.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
            }
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            admin.listOffsets(question).all().get().forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, ends).all().get();
        }
    }

    private void commitInboxUpTo(long more) throws Exception {
        try (Admin admin = kafka.admin()) {
            var partition = new TopicPartition(IngestStage.TOPICS.roomInbox().name(), 0);
            long committed = admin.listConsumerGroupOffsets(SEQUENCER).partitionsToOffsetAndMetadata().get().get(partition).offset();
            admin.alterConsumerGroupOffsets(SEQUENCER, Map.of(partition, new OffsetAndMetadata(committed + more))).all().get();
        }
    }

    private KafkaProducer<String, byte[]> transactional() {
        var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "scheduler-of-the-test"),
                new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private double lateness() {
        return registry.get("millrace.ingest.lateness").gauge().value();
    }

    private double looks() {
        return registry.get("millrace.ingest.lateness.looks").tag("outcome", "known").counter().count();
    }

    private double pauses() {
        return registry.get("millrace.ingest.pauses").tag("reason", "late").counter().count();
    }

    private double refused() {
        return registry.get("millrace.ingest.refused").counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    private FrameClient connect() {
        var client = FrameClient.connect(URI.create("ws://" + uri.getAuthority() + uri.getPath()), tokens.token(sender));
        clients.add(client);
        return client;
    }

    /** Late soon, looked at often, and rests short enough to wait for. */
    public static class Stage extends IngestStage {
        @Override
        protected Map<String, String> changes() {
            return Map.of("millrace.ingest.rate", "1000000", "millrace.ingest.burst", "1000000", "millrace.ingest.lateness.enabled", "true",
                    "millrace.ingest.lateness.threshold", "400ms", "millrace.ingest.lateness.check", "50ms", "millrace.ingest.lateness.longest-pause", "200ms");
        }
    }
}
