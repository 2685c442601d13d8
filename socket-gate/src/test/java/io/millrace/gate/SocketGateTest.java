package io.millrace.gate;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.ClientFrame;
import io.millrace.contract.frame.CloseCode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.gate.token.Right;
import io.millrace.testing.FrameClient.UpgradeRefused;
import io.millrace.testing.FrameClient;
import io.millrace.testing.Frames;
import io.millrace.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-1..3, SEC-5, ING-4, ING-5, ING-7, DEL-7, DEL-9, ERR-1, ERR-2: what the gate does for both sockets, against a real server. */
class SocketGateTest {
    private static final int MAX_FRAME = 64 * 1024;
    private static final int OUTBOUND = 64 * 1024;
    private static final int JOINED = 16 * 1024;
    private static final String LONG = "x".repeat(60_000);

    @TempDir
    Path directory;
    private final List<FrameClient> clients = new ArrayList<>();
    private final Echo echo = new Echo();
    private GateServer server;

    @BeforeEach
    void start() {
        server = server(Map.of("millrace.gate.connections-per-sender", "3"));
    }

    @AfterEach
    void stop() {
        clients.forEach(FrameClient::close);
        server.close();
    }

    @Test
    void takesTheTokenFromTheHeader() {
        var client = connect();

        assertThat(client.send(Frames.ping(1)).awaitReply(1).path("op").asText()).isEqualTo("pong");
        assertThat(client.subProtocol()).isNull();
    }

    @Test
    void takesTheTokenFromTheSubprotocolsAndEchoesTheFirstOnly() {
        var client = add(FrameClient.connectLikeABrowser(server.uri(), server.tokens.token("ana"), "http://127.0.0.1:" + server.uri().getPort()));

        assertThat(client.subProtocol()).isEqualTo("millrace.v1");
        assertThat(client.send(Frames.ping(1)).awaitReply(1).path("op").asText()).isEqualTo("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "expired", "foreign"})
    void refusesTheUpgradeWith401WithoutAGoodToken(String kind) {
        String token = switch (kind) {
            case "expired" -> server.tokens.token("ana", Map.of(), Instant.now().minusSeconds(60));
            case "foreign" -> TestTokens.issuer().token("ana");
            default -> kind;
        };

        var refused = catchThrowableOfType(UpgradeRefused.class, () -> FrameClient.connect(server.uri(), token));

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("UNAUTHENTICATED");
        assertThat(server.count("millrace.gate.refused", "reason", "unauthenticated")).isEqualTo(1);
    }

    @Test
    void refusesATokenInTheUrl() {
        var refused = catchThrowableOfType(UpgradeRefused.class, () -> FrameClient.connect(
                FrameClient.options(server.uri()).setURI("/socket?access_token=" + server.tokens.token("ana"))));

        assertThat(refused.status()).isEqualTo(401);
    }

    @Test
    @DisplayName("SEC-3: the origins allowed")
    void refusesPagesOfOtherOriginsWith403() {
        var refused = catchThrowableOfType(UpgradeRefused.class,
                () -> FrameClient.connectLikeABrowser(server.uri(), server.tokens.token("ana"), "https://evil.example.com"));

        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void limitsTheConnectionsOfOneSender() {
        connect();
        connect();
        var third = connect();

        var refused = catchThrowableOfType(UpgradeRefused.class, this::connect);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("RATE_LIMITED").contains("retryAfterMs");
        add(FrameClient.connect(server.uri(), server.tokens.token("bob")));

        third.cut();
        await().until(() -> server.connections() == 3);
        connect();
    }

    @Test
    void limitsNewConnectionsOfOneAddress() {
        server.close();
        server = server(Map.of("millrace.gate.connections-per-address.rate", "1", "millrace.gate.connections-per-address.burst", "2"));
        connect();
        connect();

        // a machine that takes a second for the two has earned a third
        assertThat(IntStream.range(0, 15).mapToObj(i -> catchThrowableOfType(UpgradeRefused.class, this::connect)).filter(Objects::nonNull).findFirst().orElseThrow().status())
                .isEqualTo(429);
        assertThat(server.count("millrace.gate.refused", "reason", "address-rate")).isEqualTo(1);
    }

    @Test
    void answersABadFrameAndGoesOn() {
        var client = connect();

        client.sendText("{").sendText("{\"op\":\"fly\",\"ref\":1}").sendText("").sendBinary(new byte[] {1, 2}).send(Frames.of("subscribe", 2)).send(Frames.ping(3));

        client.awaitReply(3);
        assertThat(codes(client)).containsExactly("BAD_FRAME", "BAD_FRAME", "BAD_FRAME", "BAD_FRAME", "INVALID");
        assertThat(client.frames("error").get(1).path("ref").asLong()).isEqualTo(1);
    }

    @Test
    void answersInternalWhenTheServiceFailsAndGoesOn() {
        var client = connect();

        client.send(Frames.text("m1", "lobby", "s1", 1, "fail")).send(Frames.ping(2));

        client.awaitReply(2);
        assertThat(client.awaitReply(1).path("code").asText()).isEqualTo("INTERNAL");
    }

    @ParameterizedTest
    @DisplayName("SEC-3, ING-4: the size of a frame")
    @ValueSource(ints = {MAX_FRAME + 1, 4 * MAX_FRAME})
    void answersTooLargeWithTheFramesRefAndIdAndGoesOn(int bytes) {
        var client = connect();

        client.sendText(padded(bytes)).send(Frames.ping(8));

        client.awaitReply(8);
        var error = client.awaitReply(7);
        assertThat(error.path("code").asText()).isEqualTo("TOO_LARGE");
        assertThat(error.path("id").asText()).isEqualTo("m1");
    }

    @Test
    void takesAFrameOfExactlyTheLimit() {
        assertThat(connect().sendText(padded(MAX_FRAME)).awaitReply(7).path("op").asText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(ints = {4 * MAX_FRAME + 1, 1024 * 1024, 1024 * 1024 + 1, 6 * 1024 * 1024})
    void closesWith1009WhatIsBeyondFourTimesTooLarge(int bytes) {
        assertThat(connect().sendTextUnawaited(padded(bytes)).awaitClose()).isEqualTo(CloseCode.MESSAGE_TOO_BIG.code());
    }

    @Test
    @DisplayName("SEC-3: the size of a message, 1 MiB in all")
    void closesWith1009AMessageBeyondItsLimitInFragmentsOfSmallFrames() {
        String frames = (padded(1000) + "\n").repeat(600);

        assertThat(connect().sendFragments(frames, frames).awaitClose()).isEqualTo(CloseCode.MESSAGE_TOO_BIG.code());
    }

    @Test
    void takesJoinedAndFragmentedFramesInOrderAndJoinsTheAnswers() {
        var client = connect();

        client.sendJoined(IntStream.rangeClosed(1, 1000).mapToObj(Frames::ping).toList());
        client.sendFragments("{\"op\":\"pi", "ng\",\"ref\":1001}\n{\"op\":\"ping\"", ",\"ref\":1002}");

        client.awaitReply(1002);
        assertThat(client.frames("pong")).extracting(pong -> pong.path("ref").asInt()).containsExactlyElementsOf(IntStream.rangeClosed(1, 1002).boxed().toList());
        assertThat(client.messages()).hasSizeLessThan(1002);
    }

    @Test
    @DisplayName("ING-7: 16 KiB at most where frames are joined, so that a reader on a breaking connection gets on")
    void joinsTheFramesOfOneTickUpTo16KiBAndSendsALargerOneAlone() {
        var client = connect();
        client.send(Frames.ping(1)).awaitReply(1);
        var socket = echo.last();
        List<String> sent = IntStream.range(0, 100).mapToObj(i -> numbered(i, i == 50 ? 2 * JOINED : 1000)).toList();

        socket.context().runOnContext(tick -> sent.forEach(frame -> socket.send(Buffer.buffer(frame))));

        await().until(() -> client.frames().size() == 1 + sent.size());
        List<String> got = client.messages().subList(1, client.messages().size());
        assertThat(String.join("\n", got).split("\n")).containsExactlyElementsOf(sent);
        assertThat(got).contains(sent.get(50));
        assertThat(got).filteredOn(message -> message.contains("\n")).hasSizeBetween(6, 10).allMatch(message -> message.length() <= JOINED);
    }

    @Test
    void holdsBackTheFramesOfOneMessageWhilePausedAndStopsReading() {
        var client = connect();

        client.sendJoined(List.of(Frames.text("m1", "lobby", "s1", 1, "pause"), Frames.text("m2", "lobby", "s1", 2, "x"), Frames.ping(3)));
        client.awaitReply(1);
        await().until(() -> server.count("millrace.gate.pauses") == 1);
        client.sendUntil(client::isPushedBack, padded(60_000));
        assertThat(client.frames()).hasSize(1);

        echo.last().context().runOnContext(tick -> echo.last().resume());

        client.awaitReply(3);
        assertThat(client.frames()).extracting(frame -> frame.path("ref").asInt()).startsWith(1, 2, 3);
        await().until(() -> !client.isPushedBack());
    }

    @Test
    void tellsTheServiceThatThePeerDoesNotReadAndStopsReadingItsFrames() {
        var client = connect();
        client.pause();

        client.sendUntil(() -> server.count("millrace.gate.full") > 0 && client.isPushedBack(), Frames.text("m1", "lobby", "s1", 1, LONG).toString());

        client.resume();
        await().until(() -> !client.isPushedBack());
        client.send(Frames.ping(2)).awaitReply(2);
    }

    @Test
    void cutsOffAPeerThatDoesNotReadWhenTheServiceGoesOnSending() {
        var client = connect();
        client.send(Frames.ping(1)).awaitReply(1);
        client.pause();
        var socket = echo.last();
        Buffer large = Buffer.buffer("{\"x\":\"" + "x".repeat(60_000) + "\"}");

        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            socket.context().runOnContext(tick -> socket.send(large));
            return server.count("millrace.gate.closed", "code", Short.toString(CloseCode.SLOW.code())) == 1;
        });

        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void runsTheDrainActionOnceThePeerHasRead() {
        var client = connect();
        client.send(Frames.ping(1)).awaitReply(1);
        client.pause();
        var socket = echo.last();
        var drained = new CompletableFuture<Boolean>();
        socket.context().runOnContext(tick -> fill(socket, drained));
        await().until(() -> server.count("millrace.gate.full") == 1);
        assertThat(drained).isNotDone();

        client.resume();

        assertThat(drained).succeedsWithin(FrameClient.PATIENCE).isEqualTo(true);
    }

    @Test
    @DisplayName("SEC-2: auth keeps a socket, and 4401 ends it shortly after the last token expired")
    void keepsASocketWithAFreshTokenAndClosesWith4401ShortlyAfterTheLastOneExpired() {
        var client = add(FrameClient.connect(server.uri(), server.tokens.token("ana", Map.of("lobby", List.of("publish")), Instant.now().plusSeconds(6))));

        client.send(Frames.auth(1, server.tokens.token("ana", Map.of("hall", List.of("publish")), Instant.now().plusSeconds(8))));

        assertThat(client.awaitReply(1).path("op").asText()).isEqualTo("ok");
        assertThat(echo.authenticated).containsExactly(true);
        assertThat(client.awaitClose()).isEqualTo(CloseCode.TOKEN_EXPIRED.code());
        assertThat(Instant.now()).isAfter(echo.last().principal().expiresAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "foreign", "other sub"})
    void closesWith4501WhenAuthIsRefused(String kind) {
        String token = switch (kind) {
            case "foreign" -> TestTokens.issuer().token("ana");
            case "other sub" -> server.tokens.token("bob");
            default -> kind;
        };

        var client = connect().send(Frames.auth(1, token));

        assertThat(client.awaitReply(1).path("code").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(client.awaitClose()).isEqualTo(CloseCode.TOKEN_REFUSED.code());
    }

    @Test
    void looksAtAFewFreshTokensAtATimeOnly() {
        var client = connect();
        String token = server.tokens.token("ana");

        client.sendJoined(IntStream.rangeClosed(1, 20).mapToObj(ref -> Frames.auth(ref, token)).toList());

        var answers = client.awaitCount(20, frame -> frame.has("ref"), "20 answers");
        assertThat(answers).filteredOn(answer -> answer.path("op").asText().equals("ok")).hasSizeGreaterThanOrEqualTo(10); // one more each second
        assertThat(answers).extracting(answer -> answer.path("code").asText()).contains("RATE_LIMITED");
    }

    @Test
    void answersABinaryMessageInFragmentsOnceAndReadsOn() {
        var client = connect();

        client.sendBinaryFragments(new byte[] {1}, new byte[] {2}, new byte[] {3}).send(Frames.ping(1));

        client.awaitReply(1);
        assertThat(codes(client)).containsExactly("BAD_FRAME");
    }

    @Test
    void answersARequestThatIsNoUpgradeWith400() throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.uri().getPort() + "/socket"))
                .timeout(FrameClient.PATIENCE).header("Authorization", "Bearer " + server.tokens.token("ana")).build();

        for (int i = 0; i < 5; i++) {
            assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(400);
        }
        connect();
    }

    @Test
    void noticesAPeerThatAnswersNoPings() throws Exception {
        server.close();
        server = new GateServer(directory, new SocketSettings("test", MAX_FRAME, OUTBOUND, Duration.ofMillis(1500)), Map.of(), echo::begin);
        try (var deaf = new Socket("127.0.0.1", server.uri().getPort())) {
            deaf.getOutputStream().write(("GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + server.tokens.token("ana") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            var lively = connect();

            await().until(() -> echo.closed >= 1);

            assertThat(server.count("millrace.gate.closed", "code", "4100")).isEqualTo(1);
            lively.send(Frames.ping(1)).awaitReply(1);
        }
    }

    @Test
    void tellsTheServiceOnceThatThePeerWasCutOff() {
        connect().cut();

        await().until(() -> echo.closed == 1 && server.connections() == 0);
    }

    @Test
    void saysGoodbyeWhenEverythingIsAnsweredAndLetsNobodyIn() {
        var client = connect();
        client.send(Frames.ping(1)).awaitReply(1);
        var other = add(FrameClient.connect(server.uri(), server.tokens.token("bob")));
        var draining = CompletableFuture.runAsync(server.sockets::drain);
        other.await("goodbye");

        assertThat(client.frames("goodbye")).isEmpty();
        assertThat(catchThrowableOfType(UpgradeRefused.class, this::connect).status()).isEqualTo(503);
        echo.handlers.get(0).finished.complete();

        assertThat(client.await("goodbye").path("reconnectAfterMs").isIntegralNumber()).isTrue();
        assertThat(client.awaitClose()).isEqualTo(CloseCode.GOING_AWAY.code());
        assertThat(draining).succeedsWithin(FrameClient.PATIENCE);
    }

    @Test
    void acceptsTheSameTokensOverHttp() throws Exception {
        assertThat(get("Bearer " + server.tokens.token("ana")).body()).isEqualTo("ana");

        var refused = get("Bearer garbage");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("\"code\":\"UNAUTHENTICATED\"");
        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    private GateServer server(Map<String, String> changes) {
        return new GateServer(directory, GateServer.settings(MAX_FRAME, OUTBOUND), changes, echo::begin);
    }

    private FrameClient connect() {
        return add(FrameClient.connect(server.uri(), server.tokens.token("ana")));
    }

    private FrameClient add(FrameClient client) {
        clients.add(client);
        return client;
    }

    private HttpResponse<String> get(String authorization) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.uri().getPort() + "/who"))
                .timeout(FrameClient.PATIENCE).header("Authorization", authorization).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> codes(FrameClient client) {
        return client.frames("error").stream().map((JsonNode error) -> error.path("code").asText()).toList();
    }

    /** A frame of exactly that many bytes, its ref and id first. */
    private static String padded(int bytes) {
        String start = "{\"op\":\"send\",\"ref\":7,\"id\":\"m1\",\"room\":\"lobby\",\"session\":\"s1\",\"laneSeq\":1,\"type\":\"text\",\"text\":\"";
        return start + "x".repeat(bytes - start.length() - 2) + "\"}";
    }

    private static String numbered(int n, int bytes) {
        return "{\"n\":" + n + ",\"x\":\"" + "x".repeat(bytes) + "\"}";
    }

    private static void fill(FrameSocket socket, CompletableFuture<Boolean> drained) {
        if (!socket.isFull()) {
            socket.send(Buffer.buffer("{\"x\":\"" + "x".repeat(1000) + "\"}"));
            socket.context().runOnContext(tick -> fill(socket, drained));
        } else {
            socket.onDrain(() -> drained.complete(!socket.isFull()));
        }
    }

    /** Answers each message {@code ok}; its text can ask for a pause or a failure, and long texts come back. */
    private static final class Echo {
        private final List<Handler> handlers = new ArrayList<>();
        private final List<Boolean> authenticated = new ArrayList<>();
        private volatile int closed;

        FrameHandler begin(FrameSocket socket) {
            var handler = new Handler(socket);
            handlers.add(handler);
            return handler;
        }

        FrameSocket last() {
            return handlers.get(handlers.size() - 1).socket;
        }

        private final class Handler implements FrameHandler {
            private final FrameSocket socket;
            private final Promise<Void> finished = Promise.promise();

            Handler(FrameSocket socket) {
                this.socket = socket;
            }

            @Override
            public void frame(ClientFrame frame) {
                if (frame instanceof ClientFrame.Send send) {
                    switch (send.message().text()) {
                        case "fail" -> throw new IllegalStateException("asked to fail");
                        case "pause" -> socket.pause();
                        default -> { }
                    }
                    socket.send(new ServerFrame.Ok(frame.ref(), send.message().text().equals(LONG) ? List.of(send.message().text()) : null));
                }
            }

            @Override
            public void authenticated() {
                authenticated.add(socket.principal().rights().allows("hall", Right.PUBLISH));
            }

            @Override
            public Future<Void> finish() {
                return socket.principal().sender().equals("bob") ? Future.succeededFuture() : finished.future();
            }

            @Override
            public void closed() {
                closed++;
            }
        }
    }
}
