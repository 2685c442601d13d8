package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.topic.Topics;
import io.millrace.pods.Pod;
import io.millrace.testing.ChildProcess;
import io.millrace.testing.FreePort;
import io.millrace.testing.TestKafka;
import io.millrace.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One broker, a packaged streams service for the history and a packaged delivery service; a bare server on demand. */
final class ReadWorld implements AutoCloseable {
    static final Topics TOPICS = Topics.of("chat.", 4, Topics.DEFAULT_LOG_RETENTION);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LOOK = Duration.ofMillis(100);
    /** What is free goes back to the system, so that resident bytes tell what is used. */
    private static final List<String> TIGHT = List.of("-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

    final TestKafka kafka = TestKafka.start(1).with(TOPICS);
    final RoomLogFill fill = new RoomLogFill(kafka.bootstrap(), TOPICS);
    private final TestTokens tokens = TestTokens.issuer();
    private final Pod streams;
    private final Pod delivery;

    ReadWorld(Path directory) {
        streams = Pod.streams("streams", kafka.bootstrap(), 4, directory).with(List.of("-Xmx768m")).start();
        delivery = Pod.delivery("delivery", kafka.bootstrap(), 4, tokens.writePublicKey(directory), streams).with(Map.of(
                "MILLRACE_GATE_CONNECTIONS_PER_SENDER", "100000",
                "MILLRACE_GATE_CONNECTIONS_PER_ADDRESS_RATE", "100000",
                "MILLRACE_GATE_CONNECTIONS_PER_ADDRESS_BURST", "100000",
                "MILLRACE_DELIVERY_RECOVERY_WINDOW", "24h",
                "MILLRACE_DELIVERY_REPLAY_LIMIT", "100000000",
                "MILLRACE_DELIVERY_RELEASE_AFTER", "1s")).with(jvm()).start();
        streams.awaitReady();
        delivery.awaitReady();
    }

    private static List<String> jvm() {
        var extra = Stream.of(System.getProperty("bench.jvm", "").split(" ")).filter(option -> !option.isEmpty());
        return Stream.of(Stream.of("-Xmx1g"), TIGHT.stream(), extra).flatMap(options -> options).toList();
    }

    Served delivery() {
        return new Served(delivery.pid());
    }

    Readers readers() {
        return new Readers(delivery.port());
    }

    List<Reader> connect(Readers readers, int count) {
        return readers.connect(count, n -> "/v1/delivery", tokens.token("ana"));
    }

    /** A room of that partition, whose name begins so. */
    static String room(String name, int partition) {
        return IntStream.range(0, 1000).mapToObj(n -> name + n).filter(room -> Topics.partition(room, 4) == partition).findFirst().orElseThrow();
    }

    /** Waits until the history view holds all that was written to the room. */
    void awaitView(String room) {
        while (json(streams.historyUrl() + "/internal/v1/rooms/" + room + "/head", "none").path("seq").asLong() < fill.head(room)) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** The cursor of a client that has the room's first entry. */
    String cursorOfFirst(String room) {
        return json("http://127.0.0.1:" + delivery.port() + "/v1/rooms/" + room + "/history?after=0&limit=1", tokens.token("ana")).at("/items/0/cursor").asText();
    }

    /** Bytes that wait in delivery for its clients now. */
    long waitingBytes() {
        String metrics = get("http://127.0.0.1:" + delivery.port() + "/q/metrics", "none");
        return metrics.lines().filter(line -> line.startsWith("millrace_delivery_waiting_bytes ")).mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1])).findFirst().orElseThrow();
    }

    private static JsonNode json(String url, String token) {
        try {
            return Json.MAPPER.readTree(get(url, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String get(String url, String token) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).timeout(Duration.ofSeconds(30)).build();
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Bare bare(int padding) {
        int port = FreePort.any();
        var classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> arguments = Stream.of(Stream.of("-Xmx1g"), TIGHT.stream(), Stream.of("-cp", classpath, BareServer.class.getName(), kafka.bootstrap(), TOPICS.roomLog().name(), "4",
                Integer.toString(port), Integer.toString(padding))).flatMap(some -> some).toList();
        return new Bare(ChildProcess.java(arguments, Map.of()).awaitOutput("bare server is ready", Duration.ofMinutes(1)), port);
    }

    @Override
    public void close() {
        fill.close();
        delivery.stop(); // so that it can write what it recorded of itself
        streams.close();
        kafka.close();
    }

    record Bare(ChildProcess process, int port) implements AutoCloseable {
        Served served() {
            return new Served(process.pid());
        }

        Readers readers() {
            return new Readers(port);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
