package io.millrace.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.testing.FrameClient;
import io.millrace.testing.FrameClient.UpgradeRefused;
import io.millrace.testing.Frames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEC-3: the limits as they are unless somebody sets others, each one met. */
class LimitsTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1.1 ([0-9]{3})");
    private static final int MAX_FRAME = 64 * 1024;

    @TempDir
    private Path directory;
    private GateServer server;

    @BeforeEach
    void start() {
        server = new GateServer(directory, GateServer.settings(MAX_FRAME, MAX_FRAME), Map.of(), socket -> new FrameHandler() {
            @Override
            public void frame(ClientFrame frame) {
                socket.send(new ServerFrame.Ok(frame.ref(), null));
            }

            @Override
            public void closed() {
                // nothing is kept for it
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("SEC-3: 20 connections per sender and socket")
    void letsTwentyConnectionsOfASenderIn() {
        var clients = IntStream.range(0, 20).mapToObj(i -> connect("ana")).toList();

        var refused = catchThrowableOfType(UpgradeRefused.class, () -> connect("ana"));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("RATE_LIMITED").contains("retryAfterMs");
        connect("ben").close();
        clients.forEach(FrameClient::close);
    }

    @Test
    @DisplayName("SEC-3: sockets are served, and so not among the connections that only stand about")
    void doesNotCountSocketsAsUnserved() {
        try (var client = connect("ana")) {
            client.send(Frames.ping(1)).awaitReply(1);

            assertThat(server.registry.get("millrace.gate.unserved").gauge().value()).isZero();
        }
    }

    @Test
    @DisplayName("SEC-3: 1,000 new connections of an address at once, 200 a second lasting")
    void letsAThousandConnectionsOfAnAddressInAtOnce() throws IOException {
        int tries = 6_000; // what a second lets pass besides matters to none but a machine that takes 25 s for them
        var statuses = upgrades(tries);

        assertThat(statuses).hasSize(tries).containsOnly("401", "429");
        assertThat(statuses.subList(0, 1_000)).containsOnly("401");
        assertThat(server.count("millrace.gate.refused", "reason", "address-rate")).isEqualTo(statuses.stream().filter("429"::equals).count());
    }

    @Test
    @DisplayName("SEC-3: JSON to a depth of 32, in a frame of whatever size")
    void refusesJsonThatIsTooDeep() {
        try (var client = connect("ana")) {
            var error = client.sendText("{\"op\":\"send\",\"data\":" + "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH) + "}")
                    .sendText("[".repeat(60_000)).sendText("{\"a\":".repeat(10_000)).send(Frames.ping(1)).awaitCount(3, "error");

            assertThat(error).allSatisfy(frame -> assertThat(frame.path("message").asText()).contains("nested"));
            client.awaitReply(1);
        }
    }

    private FrameClient connect(String sender) {
        return FrameClient.connect(server.uri(), server.tokens.token(sender));
    }

    /** Asks for that many upgrades without a token, on one connection; the statuses in order. */
    private List<String> upgrades(int count) throws IOException {
        String request = "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (var socket = new Socket("127.0.0.1", server.uri().getPort())) {
            socket.setSoTimeout(30_000);
            var writing = CompletableFuture.runAsync(() -> write(socket, request, count));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var statuses = answers.lines().flatMap(line -> STATUS.matcher(line).results()).map(found -> found.group(1)).limit(count).toList();
            writing.join();
            return statuses;
        }
    }

    private static void write(Socket socket, String request, int count) {
        try {
            for (int i = 0; i < count; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
