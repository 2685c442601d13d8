package io.millrace.pods;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.json.Json;
import io.millrace.testing.TestKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HIS-1: with two instances of the streams service, the death of one leaves history answering, after a session timeout at most and a little more. */
class HistoryTakeoverIT {
    private static final List<String> ROOMS = List.of("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8");
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ENTRIES = 50;

    private final TestKafka kafka = TestKafka.start(1).with(DeliveryPods.TOPICS);
    private final AcceptedMessages messages = new AcceptedMessages(kafka.bootstrap(), DeliveryPods.TOPICS);

    @TempDir
    Path directory;

    private Pod first;
    private Pod second;

    @BeforeEach
    void set() {
        first = streams("first");
        second = streams("second");
    }

    @AfterEach
    void stop() {
        second.close();
        first.close();
        messages.close();
        kafka.close();
    }

    @Test
    @DisplayName("HIS-1: the survivor answers for every room of the one that was killed, from its standby")
    void answersForEveryRoomAfterTheOwnerIsKilled() {
        first.start();
        awaitHeads(first, rooms -> true);
        for (int i = 0; i < ENTRIES; i++) {
            ROOMS.forEach(room -> messages.say("sender-of-" + room, room, "a message"));
        }
        messages.flush();
        awaitHeads(first, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));
        second.start();
        // until the rooms are shared: some are answered by the one, some by the other
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> ROOMS.stream().map(room -> Http.status(head(second, room))).anyMatch(Integer.valueOf(200)::equals));
        awaitHeads(second, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));

        second.kill();
        long since = System.nanoTime();
        awaitHeads(first, heads -> heads.values().stream().allMatch(seq -> seq == ENTRIES));

        System.out.printf("history of all rooms was answered again %d ms after the kill; session timeout %d ms%n", Duration.ofNanos(System.nanoTime() - since).toMillis(), SESSION.toMillis());
        assertThat(first.process().isAlive()).isTrue();
    }

    private Pod streams(String name) {
        return Pod.streams(name, kafka.bootstrap(), DeliveryPods.TOPICS.roomLog().partitions(), directory).with(Map.of("MILLRACE_STREAMS_SESSION_TIMEOUT", SESSION.toMillis() + "ms"));
    }

    /** Waits until every room is answered by that pod, and as wanted. */
    private static void awaitHeads(Pod pod, Predicate<Map<String, Long>> wanted) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> !pod.process().isAlive() || wanted.test(heads(pod)));
        assertThat(pod.process().isAlive()).as(pod::output).isTrue();
    }

    /** The head of each room; -1 where none is answered. */
    private static Map<String, Long> heads(Pod pod) {
        return ROOMS.stream().collect(Collectors.toMap(room -> room, room -> seq(head(pod, room))));
    }

    private static long seq(String head) {
        try {
            var response = Http.get(head);
            return response.statusCode() == 200 ? Json.MAPPER.readTree(response.body()).path("seq").asLong() : -1;
        } catch (UncheckedIOException | IOException e) {
            return -1;
        }
    }

    private static String head(Pod pod, String room) {
        return pod.historyUrl() + "/internal/v1/rooms/" + room + "/head";
    }
}
