package io.millrace.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.guarantee.FinalWords;
import io.millrace.guarantee.HistoryCheck;
import io.millrace.guarantee.LogCheck;
import io.millrace.guarantee.RecordedFrame;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
    private static final Duration FOR_MEMBERS = Duration.ofSeconds(12);
    private static final int READERS = 9;
    private static final int BURST = 2_000;

    @TempDir
    Path directory;

    private final ScheduledExecutorService traffic = Executors.newSingleThreadScheduledExecutor();
    private final List<Integer> ports = IntStream.range(0, 3).mapToObj(pod -> Pods.port()).toList();
    private final List<ChildProcess> delivery = new ArrayList<>();
    private final List<HoppingReader> readers = new ArrayList<>();
    private final List<FrameClient> clients = new ArrayList<>();
    private final int historyPort = Pods.port();
    private Pods pods;
    private TcpProxy proxy;
    private final Map<String, String> settings = new HashMap<>();
    private Duration window;
    private final Map<String, Long> said = new ConcurrentHashMap<>();
    private int turn;

    private void start(Duration recoveryWindow) {
        start(recoveryWindow, Map.of());
    }

    private void start(Duration recoveryWindow, Map<String, String> further) {
        window = recoveryWindow;
        settings.putAll(further);
        settings.put("MILLRACE_DELIVERY_RECOVERY_WINDOW", window.toSeconds() + "s");
        pods = new Pods(directory);
        pods.streams("streams", historyPort, Duration.ofSeconds(10));
        ports.forEach(port -> delivery.add(startPod(port)));
        for (int pod = 0; pod < ports.size(); pod++) {
            Pods.awaitReady(delivery.get(pod), ports.get(pod));
        }
        proxy = TcpProxy.to(ports);
    }

    @AfterEach
    void stop() {
        traffic.shutdownNow();
        readers.forEach(HoppingReader::close);
        clients.forEach(FrameClient::close);
        if (proxy != null) {
            proxy.close();
        }
        if (pods != null) {
            pods.close();
        }
    }

    @Test
    @DisplayName("DEL-4, DEL-9: hops, a kill -9 and a rolling restart show no client a discontinuity")
    void showsNoDiscontinuityThroughHopsAKillAndARollingRestart() throws Exception {
        start(LONG_ENOUGH);
        follow();
        talk();
        for (HoppingReader reader : readers) {
            long before = reader.seq();
            reader.hop();
            await().atMost(Pods.PATIENCE).until(() -> reader.seq() > before + 3);
        }

        delivery.get(0).kill();
        awaitProgress(readers);
        restart(0);
        for (int pod = 0; pod < ports.size(); pod++) {
            delivery.get(pod).terminate();
            delivery.get(pod).exitCode(Pods.PATIENCE);
            restart(pod);
            awaitProgress(readers);
        }

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
        awaitLag();

        delivery.get(0).kill();
        awaitProgress(others);
        restart(0);
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
        start(SHORT);
        follow();
        talk();
        awaitProgress(readers);
        var sleeper = readers.get(0);
        sleeper.sleep();
        await().until(() -> !sleeper.isAttached());
        var overFrom = Instant.now().plus(window.multipliedBy(2)); // what it misses first is older than the window then
        await().atMost(Pods.PATIENCE).until(() -> Instant.now().isAfter(overFrom));
        sleeper.wake();
        awaitProgress(readers);

        var frames = finish();
        var gaps = gaps(frames);
        assertThat(gaps).hasSize(1);
        var gap = gaps.get(0).got();
        assertThat(gap.path("reason").asText()).isEqualTo("WINDOW_EXPIRED");
        assertThat(gap.path("recoverable").asBoolean()).isTrue();
        judge(frames); // exact at both ends, or it finds out
        await().atMost(Pods.PATIENCE).untilAsserted(() -> {
            var losses = Json.MAPPER.readTree(Pods.get("http://127.0.0.1:" + historyPort + "/internal/v1/rooms/lobby/losses").body());
            assertThat(losses.at("/losses/0/reason").asText()).isEqualTo("WINDOW_EXPIRED");
            assertThat(losses.at("/losses/0/entries").asLong()).isEqualTo(gap.path("lost").asLong());
        });
    }

    @Test
    @DisplayName("ROOM-1, ROOM-4, ROOM-5: pods agree on members, and those of a pod killed with -9 leave after the window, but for who came back elsewhere")
    void agreesOnMembersAndLetsThoseOfAKilledPodGo() {
        start(FOR_MEMBERS);
        var ben = attached(1, "ben");
        var ana = attached(0, "ana");
        var dan = attached(0, "dan");
        enter(ana);
        enter(dan);
        awaitPresence(ben, "enter", "ana");
        awaitPresence(ben, "enter", "dan");
        ben.await(frame -> frame.path("connections").asInt() == 3 && frame.path("members").asInt() == 2, "occupancy of both pods");
        pods.say("ana", "lobby");
        ben.await("message");
        ana.await("message");
        ana.send(Frames.of("read", 3).put("room", "lobby").put("seq", 1));
        ana.awaitReply(3);

        delivery.get(0).kill();
        var killed = Instant.now();
        enter(attached(2, "dan"));
        awaitPresence(ben, "leave", "ana");

        assertThat(Duration.between(killed, Instant.now())).isGreaterThan(FOR_MEMBERS.dividedBy(2));
        ben.await(frame -> frame.path("connections").asInt() == 2 && frame.path("members").asInt() == 1, "occupancy without the dead pod");
        assertThat(ben.frames().stream().filter(frame -> isPresence(frame, "leave", "dan"))).isEmpty();
        var late = attached(2, "cid");
        var present = late.await(frame -> frame.path("event").asText().equals("present"), "who is present");
        assertThat(present.at("/members")).hasSize(1);
        assertThat(present.at("/members/0/member").asText()).isEqualTo("dan");
        assertThat(late.await("read").at("/positions/0/member").asText()).isEqualTo("ana");
    }

    private FrameClient attached(int pod, String sender) {
        var client = FrameClient.connect(URI.create("ws://127.0.0.1:" + ports.get(pod) + "/v1/delivery"), pods.token(sender));
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

    private ChildProcess startPod(int port) {
        return pods.delivery(port, historyPort, settings);
    }

    private void restart(int pod) {
        delivery.set(pod, startPod(ports.get(pod)));
        Pods.awaitReady(delivery.get(pod), ports.get(pod));
    }

    private void follow() {
        var uri = URI.create("ws://127.0.0.1:" + proxy.port() + "/v1/delivery");
        for (int reader = 0; reader < READERS; reader++) {
            String sender = "reader" + reader;
            readers.add(new HoppingReader(uri, sender, pods.token(sender), ROOMS.get(reader % ROOMS.size())).start());
        }
        await().atMost(Pods.PATIENCE).until(() -> readers.stream().allMatch(HoppingReader::isAttached));
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
        pods.say(sender, room, text);
        said.merge(room, 1L, Long::sum);
    }

    /** Some pod has told a client that it is behind. */
    private void awaitLag() {
        await().atMost(Pods.PATIENCE).until(() -> {
            double lagging = 0;
            for (int port : ports) {
                lagging += lagging(port);
            }
            return lagging > 0;
        });
    }

    private static double lagging(int port) throws IOException {
        return Pods.get("http://127.0.0.1:" + port + "/q/metrics").body().lines().filter(line -> line.startsWith("millrace_delivery_lagging"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** Every reader is given entries that were not there before. */
    private static void awaitProgress(List<HoppingReader> readers) {
        for (HoppingReader reader : readers) {
            long before = reader.seq();
            await().atMost(Pods.PATIENCE).until(() -> reader.seq() > before + 20);
        }
    }

    /** Ends the traffic, waits until everyone has everything, and returns what all recorded. */
    private List<RecordedFrame> finish() throws InterruptedException {
        traffic.shutdown();
        assertThat(traffic.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        pods.flush();
        for (HoppingReader reader : readers) {
            await().atMost(Pods.PATIENCE).until(() -> reader.seq() == said.get(reader.room()));
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
        pods.kafka().records(Pods.TOPICS.roomLog(), said, record -> true).forEach(record -> log.add(Pods.TOPICS.roomLog().decode(record.value()), false));
        var words = new FinalWords();
        pods.kafka().records(Pods.TOPICS.syncEvents(), said, record -> true).forEach(record -> words.add(record.key(), Pods.TOPICS.syncEvents().decode(record.value()), false));
        assertThat(new HistoryCheck(log, words, true).violations(frames)).isEmpty();
    }
}
