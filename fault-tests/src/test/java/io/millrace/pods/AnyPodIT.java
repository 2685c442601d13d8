package io.millrace.pods;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.json.Json;
import io.millrace.guarantee.FinalWords;
import io.millrace.guarantee.HistoryCheck;
import io.millrace.guarantee.LogCheck;
import io.millrace.guarantee.RecordedFrame;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DEL-4, DEL-7, DEL-9, CON-2, CON-3: three delivery pods behind a proxy that knows nothing of them, clients that hop or read slowly, pods that are killed and restarted,
 * all while messages flow. The recorded history is judged as the command {@code check} judges it.
 */
class AnyPodIT {
    private static final List<String> ROOMS = List.of("lobby", "den", "attic");
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int READERS = 9;
    private static final int BURST = 2_000;

    @TempDir
    Path directory;

    private final ScheduledExecutorService traffic = Executors.newSingleThreadScheduledExecutor();
    private final List<HoppingReader> readers = new ArrayList<>();
    private final Map<String, Long> said = new ConcurrentHashMap<>();
    private DeliveryPods pods;
    private int turn;

    private void start(Duration recoveryWindow, Map<String, String> settings) {
        pods = new DeliveryPods(directory, recoveryWindow, settings);
        pods.start();
    }

    @AfterEach
    void stop() {
        traffic.shutdownNow();
        readers.forEach(HoppingReader::close);
        if (pods != null) {
            pods.close();
        }
    }

    @Test
    @DisplayName("DEL-4, DEL-7, DEL-9: hops, a kill -9 and a rolling restart show no client a discontinuity, nor do hops and kills with the history view away")
    void showsNoDiscontinuityThroughHopsKillsAndARollingRestart() throws Exception {
        start(LONG_ENOUGH, Map.of());
        follow();
        talk();
        hopAll();

        pods.delivery().get(0).kill();
        awaitProgress(readers);
        pods.restart(0);
        for (int pod = 0; pod < pods.delivery().size(); pod++) {
            pods.delivery().get(pod).stop();
            pods.restart(pod);
            awaitProgress(readers);
        }
        pods.losesHistory();
        hopAll();
        pods.delivery().forEach(Pod::kill);
        pods.delivery().get(0).start(); // it knows nothing, and nobody tells it
        awaitProgress(readers);

        var frames = finish();
        assertThat(gaps(frames)).isEmpty();
        assertThat(readers.stream().flatMap(reader -> reader.comeBackAfter().stream()).distinct().count()).as("different times to come back").isGreaterThan(2);
        judge(frames);
    }

    @Test
    @DisplayName("DEL-4, DEL-7: who reads slowly while its pod or another is killed is given everything once, from whichever pod answers")
    void losesNothingOfSlowReadersWhileAPodIsKilled() throws Exception {
        start(LONG_ENOUGH, Map.of("MILLRACE_DELIVERY_OUTBOUND_BUFFER", "64K", "MILLRACE_DELIVERY_TAIL", "256K"));
        follow();
        talk();
        awaitProgress(readers);
        var slow = readers.stream().filter(reader -> reader.room().equals("attic")).toList();
        var others = readers.stream().filter(reader -> !slow.contains(reader)).toList();
        slow.forEach(HoppingReader::dawdle);
        traffic.submit(() -> burst("attic")).get();
        await().atMost(PATIENCE).until(() -> pods.lagging() > 0);

        pods.delivery().get(0).kill();
        awaitProgress(others);
        pods.restart(0);
        slow.forEach(HoppingReader::hurry);
        awaitProgress(readers);

        var frames = finish();
        assertThat(gaps(frames)).isEmpty();
        assertThat(ops(frames, "lag")).as("at least who was not on the killed pod").isNotEmpty();
        assertThat(ops(frames, "caughtUp")).isNotEmpty();
        judge(frames);
    }

    @Test
    @DisplayName("CON-2, CON-3: who sleeps past the window is told one discontinuity with the exact range, and the audit counts it")
    void tellsASleeperExactlyWhatItMissed() throws Exception {
        start(SHORT, Map.of());
        follow();
        talk();
        awaitProgress(readers);
        var sleeper = readers.get(0);
        sleeper.sleep();
        await().until(() -> !sleeper.isAttached());
        var overFrom = Instant.now().plus(SHORT.multipliedBy(2)); // what it misses first is older than the window then
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(overFrom));
        sleeper.wake();
        awaitProgress(readers);

        var frames = finish();
        var gaps = gaps(frames);
        assertThat(gaps).hasSize(1);
        var gap = gaps.get(0).got();
        assertThat(gap.path("reason").asText()).isEqualTo("WINDOW_EXPIRED");
        assertThat(gap.path("recoverable").asBoolean()).isTrue();
        judge(frames); // exact at both ends, or it finds out
        await().atMost(PATIENCE).untilAsserted(() -> {
            var losses = Json.MAPPER.readTree(pods.losses("lobby"));
            assertThat(losses.at("/losses/0/reason").asText()).isEqualTo("WINDOW_EXPIRED");
            assertThat(losses.at("/losses/0/entries").asLong()).isEqualTo(gap.path("lost").asLong());
        });
    }

    private void hopAll() {
        for (HoppingReader reader : readers) {
            long before = reader.seq();
            reader.hop();
            await().atMost(PATIENCE).until(() -> reader.seq() > before + 3);
        }
    }

    private void follow() {
        for (int reader = 0; reader < READERS; reader++) {
            String sender = "reader" + reader;
            var next = new HoppingReader(pods.any(), sender, pods.token(sender), ROOMS.get(reader * ROOMS.size() / READERS)).start();
            readers.add(next);
            await().atMost(PATIENCE).until(next::isAttached); // one after the other, to the pods in turn: each room has a reader on each
        }
    }

    /** Sixty messages a second in all, by six senders, in three rooms. */
    private void talk() {
        traffic.scheduleAtFixedRate(() -> {
            say("sender" + turn % 6, ROOMS.get(turn % ROOMS.size()), "a message");
            turn++;
        }, 0, 16, TimeUnit.MILLISECONDS);
    }

    /** Far more at once than buffers and tails hold. */
    private void burst(String room) {
        String text = "much ".repeat(800);
        for (int n = 0; n < BURST; n++) {
            say("sender" + n % 6, room, text);
        }
    }

    private void say(String sender, String room, String text) {
        pods.messages().say(sender, room, text);
        said.merge(room, 1L, Long::sum);
    }

    /** Every reader is given entries that were not there before. */
    private static void awaitProgress(List<HoppingReader> readers) {
        for (HoppingReader reader : readers) {
            long before = reader.seq();
            await().atMost(PATIENCE).until(() -> reader.seq() > before + 20);
        }
    }

    /** Ends the traffic, waits until everyone has everything, and returns what all recorded. */
    private List<RecordedFrame> finish() throws InterruptedException {
        traffic.shutdown();
        assertThat(traffic.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        pods.messages().flush();
        for (HoppingReader reader : readers) {
            await().atMost(PATIENCE).until(() -> reader.seq() == said.get(reader.room()));
        }
        readers.forEach(HoppingReader::close);
        List<RecordedFrame> frames = new ArrayList<>();
        readers.forEach(reader -> frames.addAll(reader.recorded()));
        return frames;
    }

    private static List<RecordedFrame> gaps(List<RecordedFrame> frames) {
        return ops(frames, "discontinuity");
    }

    private static List<RecordedFrame> ops(List<RecordedFrame> frames, String op) {
        return frames.stream().filter(frame -> frame.got() != null && frame.got().path("op").asText().equals(op)).toList();
    }

    private void judge(List<RecordedFrame> frames) {
        var log = new LogCheck();
        int said = Math.toIntExact(this.said.values().stream().mapToLong(Long::longValue).sum());
        pods.kafka().records(DeliveryPods.TOPICS.roomLog(), said, record -> true).forEach(record -> log.add(DeliveryPods.TOPICS.roomLog().decode(record.value()), false));
        var words = new FinalWords();
        pods.kafka().records(DeliveryPods.TOPICS.syncEvents(), said, record -> true).forEach(record -> words.add(record.key(), DeliveryPods.TOPICS.syncEvents().decode(record.value()), false));
        assertThat(new HistoryCheck(log, words, true).violations(frames)).isEmpty();
    }
}
