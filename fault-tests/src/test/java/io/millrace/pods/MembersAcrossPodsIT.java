package io.millrace.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ROOM-1, ROOM-4, ROOM-5: who is in a room, as pods tell each other. */
class MembersAcrossPodsIT {
    private static final Duration WINDOW = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<FrameClient> clients = new ArrayList<>();
    private DeliveryPods pods;

    @BeforeEach
    void set() {
        pods = new DeliveryPods(directory, WINDOW, Map.of());
    }

    @AfterEach
    void stop() {
        clients.forEach(FrameClient::close);
        pods.close();
    }

    @Test
    @DisplayName("ROOM-1, ROOM-4, ROOM-5: pods agree on members, and those of a pod killed with -9 leave after the window, but for who came back elsewhere")
    void agreesOnMembersAndLetsThoseOfAKilledPodGo() {
        pods.start();
        var ben = attached(1, "ben");
        var ana = attached(0, "ana");
        var dan = attached(0, "dan");
        enter(ana);
        enter(dan);
        awaitPresence(ben, "enter", "ana");
        awaitPresence(ben, "enter", "dan");
        ben.await(frame -> frame.path("connections").asInt() == 3 && frame.path("members").asInt() == 2, "occupancy of both pods");
        pods.messages().say("ana", "lobby", "a message");
        ben.await("message");
        ana.await("message");
        ana.send(Frames.of("read", 3).put("room", "lobby").put("seq", 1));
        ana.awaitReply(3);

        pods.delivery().get(0).kill();
        var killed = Instant.now();
        enter(attached(2, "dan"));
        awaitPresence(ben, "leave", "ana");

        assertThat(Duration.between(killed, Instant.now())).isGreaterThan(WINDOW.dividedBy(2));
        ben.await(frame -> frame.path("connections").asInt() == 2 && frame.path("members").asInt() == 1, "occupancy without the dead pod");
        assertThat(ben.frames().stream().filter(frame -> isPresence(frame, "leave", "dan"))).isEmpty();
        var late = attached(2, "cid");
        var present = late.await(frame -> frame.path("event").asText().equals("present"), "who is present");
        assertThat(present.at("/members")).hasSize(1);
        assertThat(present.at("/members/0/member").asText()).isEqualTo("dan");
        assertThat(late.await("read").at("/positions/0/member").asText()).isEqualTo("ana");
    }

    private FrameClient attached(int pod, String sender) {
        var client = FrameClient.connect(pods.at(pod), pods.token(sender));
        clients.add(client);
        client.send(Frames.of("subscribe", 1).put("room", "lobby"));
        assertThat(client.awaitReply(1).path("op").asText()).isEqualTo("subscribed");
        client.await("presence");
        return client;
    }

    private static void enter(FrameClient client) {
        client.send(Frames.of("presence", 2).put("room", "lobby").put("action", "enter"));
        assertThat(client.awaitReply(2).path("op").asText()).isEqualTo("ok");
    }

    private static void awaitPresence(FrameClient client, String event, String member) {
        client.await(frame -> isPresence(frame, event, member), event + " " + member);
    }

    private static boolean isPresence(JsonNode frame, String event, String member) {
        return frame.path("event").asText().equals(event) && frame.path("member").asText().equals(member);
    }
}
