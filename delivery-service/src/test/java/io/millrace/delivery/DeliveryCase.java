package io.millrace.delivery;

import static io.millrace.testing.Patience.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** What the integration tests share: clients of the running service that end with the test. */
abstract class DeliveryCase {
    @TestHTTPResource("/v1/delivery")
    URI delivery;

    DeliveryResource.World world;

    private final List<FrameClient> clients = new ArrayList<>();

    FrameClient connect(String sender) {
        return keep(FrameClient.connect(delivery, world.tokens().token(sender)));
    }

    FrameClient keep(FrameClient client) {
        clients.add(client);
        return client;
    }

    /** Subscribes and waits for the answer, whatever it is. */
    static JsonNode subscribe(FrameClient client, String room, String cursor) {
        long ref = client.frames().size() + 1000;
        client.send(Frames.of("subscribe", ref).put("room", room).put("cursor", cursor));
        return client.awaitReply(ref);
    }

    /** Waits until a new client attaches at {@code seq}: a partition that is followed already learns of what is written a moment later. */
    void awaitHead(String room, long seq) {
        var witness = connect("ana");
        await().until(() -> subscribe(witness, room, null).get("seq").asLong() == seq);
    }

    static String room() {
        return "room-" + UUID.randomUUID();
    }

    @AfterEach
    void endClients() {
        clients.forEach(FrameClient::close);
        clients.clear();
    }
}
