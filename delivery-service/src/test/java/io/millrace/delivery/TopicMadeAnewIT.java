package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** CON-1, CON-4: a room log deleted and made anew is noticed by connected clients and by cursors of the former one. */
@QuarkusTest
@QuarkusTestResource(value = DeliveryResource.class, restrictToAnnotatedClass = true)
class TopicMadeAnewIT extends DeliveryCase {

    @Test
    void tellsConnectedClientsAndOldCursorsThatTheStreamWasRecreated() throws Exception {
        String room = room();
        var client = connect("ana");
        subscribe(client, room, null);
        world.writer().write(room, 1, 5);
        String cursor = client.awaitCount(5, "message").get(4).get("cursor").asText();

        recreate();
        JsonNode gap = client.await("discontinuity");
        var early = connect("ana");
        await().untilAsserted(() -> assertThat(subscribe(early, room, cursor).get("op").asText()).isEqualTo("subscribed"));
        JsonNode told = early.await("discontinuity");
        assertThat(told.get("reason").asText()).isEqualTo("STREAM_RECREATED");
        assertThat(told.get("to").asLong()).as("what it had read is void, though the room is empty now").isEqualTo(5);
        try (var writer = new RoomLogWriter(world.kafka().bootstrap(), world.topics())) {
            writer.begin().append(room, "epoch-2", 1, "first").append(room, "epoch-2", 2, "second").commit();
        }

        assertThat(gap.get("reason").asText()).isEqualTo("STREAM_RECREATED");
        assertThat(gap.get("from").asLong()).isEqualTo(1);
        assertThat(gap.get("to").asLong()).isEqualTo(5);
        JsonNode second = client.await(frame -> frame.path("epoch").asText().equals("epoch-2") && frame.path("seq").asLong() == 2, "the new log's second entry");
        assertThat(second.get("replay").asBoolean()).isFalse();
        assertThat(client.frames("discontinuity")).hasSize(1);

        var back = connect("ana");
        await().untilAsserted(() -> assertThat(subscribe(back, room, cursor).get("op").asText()).isEqualTo("subscribed"));
        assertThat(back.await("discontinuity").get("reason").asText()).isEqualTo("STREAM_RECREATED");
        assertThat(back.await("discontinuity").get("to").asLong()).isEqualTo(2);
    }

    private void recreate() throws Exception {
        String log = world.topics().roomLog().name();
        try (Admin admin = world.kafka().admin()) {
            admin.deleteTopics(List.of(log)).all().get(60, TimeUnit.SECONDS);
            await().pollInterval(Duration.ofMillis(100)).until(() -> !admin.listTopics().names().get(60, TimeUnit.SECONDS).contains(log));
        }
        world.kafka().with(world.topics());
    }
}
