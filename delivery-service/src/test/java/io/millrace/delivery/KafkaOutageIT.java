package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.topic.Topics;
import io.millrace.guarantee.Guarantee;
import io.millrace.guarantee.NoDuplicates;
import io.millrace.guarantee.NothingLost;
import io.millrace.guarantee.Ordered;
import io.millrace.guarantee.RoomTranscript;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** CON-1, CON-6, DEL-5, DEL-6: while Kafka is out of reach subscribes are refused retryably and readiness says why; afterwards nothing is lost. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true, initArgs = {
        @ResourceArg(name = "mp.messaging.emitter.default-buffer-size", value = "8"),
        @ResourceArg(name = "mp.messaging.outgoing.discontinuities.max-inflight-messages", value = "1"),
        @ResourceArg(name = "mp.messaging.outgoing.discontinuities.linger.ms", value = "500"),
        @ResourceArg(name = "millrace.delivery.kafka-timeout", value = "5s"),
        @ResourceArg(name = "millrace.delivery.hello-timeout", value = "8s")})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // what was followed before an outage is served on in it
class KafkaOutageIT extends DeliveryCase {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int TOLD = 60;

    @Inject
    MeterRegistry metrics;

    @Test
    @Order(1)
    void goesOnWithoutLossWhenKafkaComesBack() throws Exception {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 3);
        client.awaitCount(3, "message");

        world.kafka().stopBroker(0);
        await().atMost(LONG).until(() -> ready().statusCode() == 503 && ready().body().contains("unable to reach chat."));
        JsonNode refused = subscribe(client, nameOfAnotherPartition(room), null);
        assertThat(refused.get("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(refused.get("retryable").asBoolean()).isTrue();
        client.send(Frames.of("presence", 7).put("room", room).put("action", "enter")); // ROOM-1: kept in mind, and said when Kafka is back
        assertThat(client.awaitReply(7).path("code").asText()).isEqualTo("UNAVAILABLE");

        world.kafka().startBroker(0);
        world.writer().write(room, 4, 6);
        client.awaitCount(6, "message");
        Guarantee.verify(RoomTranscript.of(room, client.frames()), new NothingLost(1, 6), new NoDuplicates(), new Ordered());
        client.await(frame -> frame.path("event").asText().equals("enter"), "its own presence");
        await().atMost(LONG).until(() -> ready().statusCode() == 200);
        assertThat(subscribeUntilAnswered(client, nameOfAnotherPartition(room)).get("op").asText()).isEqualTo("subscribed");
    }

    @Test
    @Order(3)
    void greetsNobodyWhoseEventsItCannotFollow() {
        world.kafka().stopBroker(0);
        try {
            var stranger = connect(nameOfAnotherPartition("ana"));

            assertThat(stranger.await("error").get("code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(stranger.awaitClose()).isEqualTo((short) 4100);
            assertThat(stranger.frames("hello")).isEmpty();
        } finally {
            world.kafka().startBroker(0);
        }
    }

    @Test
    @Order(2)
    void recordsOrCountsEveryDiscontinuityThatComesFasterThanItsTopicTakesThem() throws Exception {
        var rooms = Stream.generate(DeliveryCase::room).limit(TOLD).toList();
        for (String room : rooms) {
            world.writer().write(room, 1, 1);
        }
        var client = connect("ana");
        rooms.forEach(room -> subscribeUntilAnswered(client, room)); // every partition is followed again after what other tests did to the broker
        double unrecordedBefore = unrecorded();
        double recordedBefore = recorded();
        for (int i = 0; i < TOLD; i++) {
            client.send(Frames.of("subscribe", i).put("room", rooms.get(i)).put("cursor", "unreadable"));
        }
        client.awaitCount(TOLD, "discontinuity");

        await("every discontinuity to be durable or counted").atMost(LONG).until(() -> recorded() - recordedBefore + unrecorded() - unrecordedBefore == TOLD);
        int unrecorded = (int) (unrecorded() - unrecordedBefore);
        assertThat(unrecorded).isBetween(1, TOLD - 1);
        assertThat(world.kafka().records(world.topics().discontinuities(), TOLD - unrecorded, record -> rooms.contains(record.key()))).hasSize(TOLD - unrecorded);
    }

    private double recorded() {
        return metrics.get("millrace.delivery.discontinuities.recorded").counter().count();
    }

    private double unrecorded() {
        return metrics.get("millrace.delivery.discontinuities.unrecorded").counter().count();
    }

    private static JsonNode subscribeUntilAnswered(FrameClient client, String room) {
        return await().atMost(LONG).until(() -> subscribe(client, room, null), answer -> answer.get("op").asText().equals("subscribed"));
    }

    private String nameOfAnotherPartition(String name) {
        return Stream.generate(DeliveryCase::room)
                .filter(other -> Topics.partition(other, 4) != Topics.partition(name, 4))
                .findFirst().orElseThrow();
    }

    private HttpResponse<String> ready() throws Exception {
        var uri = URI.create("http://127.0.0.1:" + delivery.getPort() + "/q/health/ready");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
