package io.millrace.streams.runtime;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topics;
import io.millrace.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill -9 of the packaged service costs: with a name nothing but the restart, without one a session. */
class RestartIT {
    private static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final List<String> ROOMS = List.of("r1", "r2", "r3", "r4", "r5", "r6");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration MORE_THAN_PATIENCE = PATIENCE.multipliedBy(2);

    @TempDir
    Path state;

    private TestKafka kafka;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start() {
        kafka = TestKafka.start(1).with(TOPICS);
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrap(), "max.in.flight.requests.per.connection", 1), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        kafka.close();
    }

    @Test
    @DisplayName("HIS-1: a named instance goes on with all applications before its session could have timed out")
    void takesItsTasksBackBeforeItsSessionTimesOut() {
        send(1, 10);
        try (var killed = service("named")) {
            awaitEveryRoom(killed, 10);
            killed.kill();
        }
        send(11, 15);
        try (var restarted = service("named")) {
            awaitEveryRoom(restarted, 15);
        }
    }

    @Test
    @DisplayName("HIS-1: when one of two instances dies the other answers for every room")
    void takesOverFromAnInstanceThatDies() {
        send(1, 10);
        try (var survivor = service("survivor", Optional.empty(), Duration.ofSeconds(10)); var killed = service("killed", Optional.empty(), Duration.ofSeconds(10))) {
            awaitEveryRoom(survivor, 10);
            awaitEveryRoom(killed, 10);
            killed.kill();
            send(11, 15);
            awaitEveryRoom(survivor, 15);
        }
    }

    private ServiceProcess service(String name) {
        return service(name, Optional.of(name), MORE_THAN_PATIENCE);
    }

    private ServiceProcess service(String name, Optional<String> instanceId, Duration session) {
        return ServiceProcess.start(kafka.bootstrap(), TOPICS.roomLog().partitions(), state.resolve(name), instanceId, session);
    }

    private static void awaitEveryRoom(ServiceProcess service, long last) {
        var client = new HistoryClient(service.historyUrl(PATIENCE));
        for (var room : ROOMS) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(HistoryClient.seqs(client.log(room, "?after=0&limit=1000")))
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList()));
        }
    }

    private void send(long from, long to) {
        for (var room : ROOMS) {
            LongStream.rangeClosed(from, to).forEach(laneSeq -> producer.send(new ProducerRecord<>(TOPICS.text().name(), room, TOPICS.text().encode(accepted(room, laneSeq)))));
        }
        producer.flush();
    }

    /** Each room has a sender of its own, named like it. */
    private static AcceptedMessage accepted(String room, long laneSeq) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var message = new Message("m" + laneSeq, room, "session", laneSeq, Action.CREATE, MessageType.TEXT, "hello", null, null, null, null, null, now);
        return new AcceptedMessage(room, now, false, message);
    }
}
