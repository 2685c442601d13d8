package io.millrace.secured;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topics;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-3: what hostile clients do to a running server, all of it bounded, while a good client goes on being served and memory stays what it was. */
class AbuseIT {
    private static final Topics TOPICS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final int UNSERVED = 200;
    private static final int MUTANTS = 100_000;
    private static final long HEAP_MORE = 48L << 20;

    @TempDir
    private static Path files;
    private static TestKafka kafka;
    private static TestTokens tokens;
    private static SecuredService ingest;
    private static SecuredService delivery;
    private static GoodClient good;
    private static long heapBefore;
    private long servedBefore;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start(1).with(TOPICS);
        tokens = TestTokens.issuer();
        Map<String, String> gate = Map.of(
                "MILLRACE_AUTH_PUBLIC_KEY_LOCATION", tokens.writePublicKey(files).toString(),
                "MILLRACE_GATE_CONNECTIONS_PER_ADDRESS_RATE", "100000", "MILLRACE_GATE_CONNECTIONS_PER_ADDRESS_BURST", "100000",
                "MILLRACE_GATE_UNSERVED_LIMIT", Integer.toString(UNSERVED), "MILLRACE_GATE_UNSERVED_PATIENCE", "5s",
                "MILLRACE_INGEST_PING_INTERVAL", "3s", "MILLRACE_DELIVERY_PING_INTERVAL", "3s",
                "MILLRACE_ATTACHMENTS_DIRECTORY", files.resolve("attachments").toString(), "QUARKUS_LOG_LEVEL", "INFO");
        ingest = SecuredService.start("ingest-service", Map.of("bootstrap.servers", kafka.bootstrap()), gate);
        delivery = SecuredService.start("delivery-service", Map.of("bootstrap.servers", kafka.bootstrap()), gate);
        ingest.awaitReady();
        await().atMost(SecuredService.PATIENCE).until(() -> delivery.readiness().contains("\"topics\": \"ok\""));
        good = new GoodClient(ingest.uri("ws", "/v1/ingest"), tokens.token("good"));
        good.awaitServed();
        heapBefore = heap(ingest) + heap(delivery);
    }

    @AfterAll
    static void stop() {
        try {
            await("memory to be given back").atMost(FrameClient.PATIENCE).pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(heap(ingest) + heap(delivery)).isLessThan(heapBefore + HEAP_MORE));
            System.out.println("heap alive: " + (heapBefore >> 10) + " KiB before, " + (heap(ingest) + heap(delivery) >> 10) + " KiB after; slowest answer to the good client: " + good.slowestMs() + " ms");
        } finally {
            end();
        }
    }

    private static void end() {
        good.close();
        ingest.close();
        delivery.close();
        kafka.close();
    }

    @BeforeEach
    void begin() {
        servedBefore = good.served();
    }

    @AfterEach
    void goodClientWasServed() {
        good.awaitServed();
        assertThat(good.served()).isGreaterThan(servedBefore);
        assertThat(ingest.process().isAlive() && delivery.process().isAlive()).isTrue();
    }

    @Test
    @DisplayName("SEC-3: compression is not agreed to, and a bomb sent all the same ends its connection unopened")
    void inflatesNothing() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(packed)) {
            deflater.write(new byte[64 << 20]);
        }
        for (String offer : List.of("permessage-deflate; client_max_window_bits", "deflate-frame", "x-webkit-deflate-frame")) {
            try (var raw = new RawSocket(ingest.uri("ws", "/v1/ingest"))) {
                String head = raw.upgrade(ingest.uri("ws", "/v1/ingest"), tokens.token("bomber"), "Sec-WebSocket-Extensions: " + offer + "\r\n");
                assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
                raw.frame(0xC1, packed.toByteArray(), packed.size()).flush();
                assertThat(raw.awaitEnd()).isEqualTo(4500);
            }
        }
    }

    @ParameterizedTest
    @DisplayName("SEC-3: connections that ask for nothing are few and short-lived, however many come")
    @ValueSource(strings = {"", "GET /v1/ingest HTTP/1.1\r\nHost: x\r\nX-Slow: "})
    void dropsHalfOpenConnections(String beginning) throws IOException {
        List<RawSocket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < 5 * UNSERVED; i++) {
                var raw = new RawSocket(ingest.uri("ws", "/"));
                raw.write(beginning);
                halfOpen.add(raw);
            }
            assertThat(metric("millrace_gate_unserved")).isLessThanOrEqualTo(UNSERVED);
            FrameClient.connect(ingest.uri("ws", "/v1/ingest"), tokens.token("newcomer")).send(Frames.ping(1)).awaitReply(1);
            assertThat(halfOpen).allMatch(raw -> raw.isEnded(60_000));
            await().until(() -> metric("millrace_gate_dropped_total") >= 5 * UNSERVED);
        } finally {
            halfOpen.forEach(RawSocket::close);
        }
    }

    @Test
    @DisplayName("SEC-3: a frame that comes byte by byte ends with its connection")
    void cutsOffSlowFrames() throws IOException {
        List<RawSocket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            var raw = RawSocket.upgraded(ingest.uri("ws", "/v1/ingest"), tokens.token("slow"), "");
            raw.frame(0x81, new byte[] {'{'}, 60_000).flush();
            slow.add(raw);
        }
        await().atMost(FrameClient.PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> slow.stream().allMatch(AbuseIT::isCutOff));
        slow.forEach(RawSocket::close);
    }

    @ParameterizedTest
    @DisplayName("SEC-3: fragments without end close their connection with 1009")
    @ValueSource(ints = {0, 1, 1000})
    void endsFragmentsWithoutEnd(int bytes) throws IOException {
        byte[] piece = new byte[bytes];
        Arrays.fill(piece, (byte) 'x');
        try (var raw = RawSocket.upgraded(ingest.uri("ws", "/v1/ingest"), tokens.token("flood"), "")) {
            raw.frame(RawSocket.TEXT, piece, bytes);
            for (int batch = 0; batch < 12_000 && raw.isOpen() && !raw.isTold(); batch++) {
                IntStream.range(0, 100).forEach(i -> raw.frame(RawSocket.CONTINUATION, piece, bytes));
                raw.flushAsFarAsItGoes(); // the server may have ended it just now
            }
            assertThat(raw.awaitEnd()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @DisplayName("SEC-3: a URL or a header without end is refused")
    @ValueSource(strings = {"GET /v1/ingest?", "GET /v1/ingest HTTP/1.1\r\nHost: x\r\nX-Long: ", "many"})
    void refusesHugeRequests(String beginning) throws IOException {
        try (var raw = new RawSocket(ingest.uri("ws", "/"))) {
            raw.write(beginning.equals("many") ? "GET /v1/ingest HTTP/1.1\r\nHost: x\r\n" : beginning);
            for (int i = 0; i < 200 && raw.isOpen(); i++) {
                raw.gather(beginning.equals("many") ? "X-Header-" + i + ": y\r\n".repeat(500) : "a".repeat(10_000));
                raw.flushAsFarAsItGoes();
            }
            assertThat(raw.isEnded(60_000) || raw.isEnded(60_000) || raw.awaitEnd() == -1).isTrue();
        }
    }

    @Test
    @DisplayName("SEC-3: pings of a peer that reads no answers pile up nowhere")
    void letsNoAnswersToPingsPileUp() throws IOException {
        byte[] payload = new byte[125];
        try (var raw = RawSocket.upgraded(ingest.uri("ws", "/v1/ingest"), tokens.token("pinger"), "")) {
            for (int batch = 0; batch < 1000 && raw.isOpen(); batch++) {
                IntStream.range(0, 1000).forEach(i -> raw.ping(payload));
                raw.flushAsFarAsItGoes();
            }
            assertThat(heap(ingest)).isLessThan(heapBefore + HEAP_MORE);
        }
    }

    @Test
    @DisplayName("SEC-3, ING-4: 100,000 mutants of good frames are answered or end their connection, and nothing else comes of them")
    void survivesMutants() {
        var random = new Random(11);
        String token = tokens.token("mutant");
        List<URI> sockets = List.of(ingest.uri("ws", "/v1/ingest"), delivery.uri("ws", "/v1/delivery"));
        var clients = new RawSocket[8];
        int reconnects = 0;
        for (int sent = 0; sent < MUTANTS; sent += 100) {
            int at = random.nextInt(clients.length);
            try {
                if (clients[at] == null) {
                    clients[at] = RawSocket.upgraded(sockets.get(at % 2), token, "");
                }
                for (int i = 0; i < 100; i++) {
                    clients[at].text(Mutation.of(seed(random), random));
                }
                clients[at].flush();
                clients[at].drain();
            } catch (IOException e) {
                reconnects++;
                clients[at].close();
                clients[at] = null;
            }
        }
        Arrays.stream(clients).filter(client -> client != null).forEach(RawSocket::close);
        System.out.println("mutants: " + MUTANTS + ", connections that ended: " + reconnects);
        assertThat(ingest.output() + delivery.output()).doesNotContain("defect of the server");
        try (var after = FrameClient.connect(delivery.uri("ws", "/v1/delivery"), tokens.token("after"))) {
            after.send(Frames.ping(1)).awaitReply(1);
        }
    }

    private static byte[] seed(Random random) {
        var seeds = List.of(
                Frames.text("m" + random.nextInt(1000), "lobby", "s1", 1 + random.nextInt(100), "hello there"), Frames.image("i1", "lobby", "s1", 1),
                Frames.ping(random.nextInt()), Frames.of("subscribe", 1).put("room", "lobby").put("cursor", "AAAAAAAAAAAAAAAAAAAAAAAAAAA"), Frames.of("unsubscribe", 2).put("room", "lobby"),
                Frames.of("history", 3).put("room", "lobby").put("before", 5).put("limit", 10), Frames.of("sync.get", 4).put("room", "lobby"), Frames.auth(5, "a.b.c"),
                Frames.of("typing", 6).put("room", "lobby").put("active", true), Frames.of("presence", 7).put("room", "lobby").put("action", "enter"));
        return seeds.get(random.nextInt(seeds.size())).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isCutOff(RawSocket raw) {
        try {
            raw.write("x");
            raw.drain();
            return raw.isEnded(1);
        } catch (IOException e) {
            return true;
        }
    }

    private static double metric(String name) {
        return await().ignoreExceptions().until(() -> read(name), found -> true);
    }

    private static double read(String name) {
        return ingest.get("/q/metrics").body().lines().filter(line -> line.startsWith(name)).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    /** What is alive, after a full collection, in bytes. */
    private static long heap(SecuredService service) {
        String pid = Long.toString(service.process().pid());
        jcmd(pid, "GC.run");
        return Pattern.compile("generation.* used ([0-9]+)K").matcher(jcmd(pid, "GC.heap_info")).results().mapToLong(found -> Long.parseLong(found.group(1)) << 10).sum();
    }

    private static String jcmd(String pid, String command) {
        try {
            var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("unable to ask the JVM", e);
        }
    }
}
