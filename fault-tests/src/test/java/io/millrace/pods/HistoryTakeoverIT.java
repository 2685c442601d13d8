package io.millrace.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HIS-1: with two instances of the streams service, the death of one leaves history answering, after a session timeout at most and a little more. */
class HistoryTakeoverIT {
    private static final List<String> ROOMS = List.of("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8");
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final int ENTRIES = 50;

    @TempDir
    Path directory;

    @Test
    @DisplayName("HIS-1: the survivor answers for every room of the one that was killed, from its standby")
    void answersForEveryRoomAfterTheOwnerIsKilled() {
        try (var pods = new Pods(directory)) {
            int first = Pods.port();
            int second = Pods.port();
            var survivor = pods.streams("first", first, SESSION);
            awaitState(survivor, first, rooms -> true);
            for (int i = 0; i < ENTRIES; i++) {
                ROOMS.forEach(room -> pods.say("sender-of-" + room, room));
            }
            pods.flush();
            awaitState(survivor, first, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));
            var killed = pods.streams("second", second, SESSION);
            // until the rooms are shared: some are answered by the one, some by the other
            await().atMost(Pods.PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> ROOMS.stream().map(room -> owner(second, room)).anyMatch(Integer.valueOf(200)::equals));
            awaitState(killed, second, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));

            killed.kill();
            long since = System.nanoTime();
            awaitState(survivor, first, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));

            System.out.printf("history of all rooms was answered again %d ms after the kill; session timeout %d ms%n", Duration.ofNanos(System.nanoTime() - since).toMillis(), SESSION.toMillis());
            assertThat(survivor.isAlive()).isTrue();
        }
    }

    private static int owner(int port, String room) {
        return Pods.status("http://127.0.0.1:" + port + "/internal/v1/rooms/" + room + "/head");
    }

    /** Waits until every room is answered at that port, and as wanted. */
    private static void awaitState(ChildProcess pod, int port, Predicate<Map<String, Long>> wanted) {
        await().atMost(Pods.PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> !pod.isAlive() || wanted.test(heads(port)));
        assertThat(pod.isAlive()).as(() -> pod.output() + pod.errors()).isTrue();
    }

    /** The head of each room; -1 where none is answered. */
    private static Map<String, Long> heads(int port) {
        return ROOMS.stream().collect(Collectors.toMap(room -> room, room -> head(port, room)));
    }

    private static long head(int port, String room) {
        try {
            var response = Pods.get("http://127.0.0.1:" + port + "/internal/v1/rooms/" + room + "/head");
            JsonNode head = Json.MAPPER.readTree(response.body());
            return response.statusCode() == 200 ? head.path("seq").asLong() : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
