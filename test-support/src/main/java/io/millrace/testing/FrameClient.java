package io.millrace.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.impl.WebSocketInternal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A client of either socket for tests. It records every frame in the order it came, so nothing is missed between two waits; all
 * waits are bounded. Safe on any thread.
 */
public final class FrameClient implements AutoCloseable {
    public static final Duration PATIENCE = Patience.LONG;
    private static final int MAX_MESSAGE = 8 * 1024 * 1024;
    private static final long MAX_PUSHED = 64L * 1024 * 1024;
    private static final int SETTLE_MILLIS = 20;

    private final ClientWebSocket socket;
    private WebSocket connection;
    private final Received received = new Received();
    private final CompletableFuture<Short> closed = new CompletableFuture<>();

    private FrameClient(ClientWebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(received::add);
        socket.closeHandler(end -> {
            closed.complete(socket.closeStatusCode());
            received.end();
        });
        socket.exceptionHandler(ignored -> { });
    }

    /** Connects with the token in the {@code Authorization} header. */
    public static FrameClient connect(URI uri, String token) {
        return connect(options(uri).putHeader("Authorization", "Bearer " + token));
    }

    /** Connects as a browser has to: the token in the subprotocols (SEC-1). */
    public static FrameClient connectLikeABrowser(URI uri, String token, String origin) {
        return connect(options(uri).setAllowOriginHeader(true).putHeader("Origin", origin).setSubProtocols(List.of("millrace.v1", "bearer." + token)));
    }

    public static FrameClient connect(WebSocketConnectOptions options) {
        var client = new FrameClient(Shared.CLIENT.webSocket());
        client.connection = await(opened(client.socket, options), "connect");
        return client;
    }

    /** On an event loop: elsewhere Vert.x may open the connection before it has its handlers, and what the server says first is lost. */
    private static CompletableFuture<WebSocket> opened(ClientWebSocket socket, WebSocketConnectOptions options) {
        var opened = new CompletableFuture<WebSocket>();
        Shared.VERTX.runOnContext(tick -> socket.connect(options).onSuccess(opened::complete).onFailure(opened::completeExceptionally));
        return opened;
    }

    public static WebSocketConnectOptions options(URI uri) {
        var options = new WebSocketConnectOptions().setAllowOriginHeader(false);
        options.setHost(uri.getHost()).setPort(uri.getPort()).setURI(uri.getRawPath());
        options.setMethod(HttpMethod.GET);
        return options;
    }

    /** The subprotocol the server chose, or null. */
    public String subProtocol() {
        return socket.subProtocol();
    }

    /** Sends one frame: anything {@link Json} writes as an object. */
    public FrameClient send(Object frame) {
        return sendText(text(frame));
    }

    /** Sends frames joined in one WebSocket message (ING-7). */
    public FrameClient sendJoined(List<?> joined) {
        return sendText(joined.stream().map(FrameClient::text).collect(Collectors.joining("\n")));
    }

    /** Sends one text message as it is, well-formed or not. */
    public FrameClient sendText(String text) {
        await(socket.writeFinalTextFrame(text).toCompletionStage().toCompletableFuture(), "send");
        return this;
    }

    /** Sends one text message without waiting until it is written: for peers that do not read. */
    public FrameClient sendTextUnawaited(String text) {
        socket.writeFinalTextFrame(text);
        return this;
    }

    /** Sends one text message in several WebSocket fragments. */
    public FrameClient sendFragments(String... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            var piece = i == 0 ? WebSocketFrame.textFrame(pieces[i], last) : WebSocketFrame.continuationFrame(Buffer.buffer(pieces[i]), last);
            await(socket.writeFrame(piece).toCompletionStage().toCompletableFuture(), "send a fragment");
        }
        return this;
    }

    public FrameClient sendBinaryFragments(byte[]... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            var piece = Buffer.buffer(pieces[i]);
            var frame = i == 0 ? WebSocketFrame.binaryFrame(piece, last) : WebSocketFrame.continuationFrame(piece, last);
            await(socket.writeFrame(frame).toCompletionStage().toCompletableFuture(), "send a fragment");
        }
        return this;
    }

    public FrameClient sendBinary(byte[] bytes) {
        await(socket.writeFinalBinaryFrame(Buffer.buffer(bytes)).toCompletionStage().toCompletableFuture(), "send");
        return this;
    }

    /** Sends the same message again and again until that holds, without waiting for a server that has stopped reading; fails at 64 MiB. */
    public FrameClient sendUntil(BooleanSupplier holds, String text) {
        for (long sent = 0; !holds.getAsBoolean(); sent += text.length()) {
            if (sent > MAX_PUSHED) {
                throw new AssertionError("the server read on; " + sent + " bytes were taken");
            }
            var settled = CompletableFuture.runAsync(() -> { }, CompletableFuture.delayedExecutor(SETTLE_MILLIS, TimeUnit.MILLISECONDS));
            await(CompletableFuture.anyOf(socket.writeFinalTextFrame(text).toCompletionStage().toCompletableFuture(), settled), "send");
        }
        return this;
    }

    /** True when the connection takes no more bytes: the server has stopped reading. */
    public boolean isPushedBack() {
        return socket.writeQueueFull();
    }

    /** Stops reading from the connection: a slow client. */
    public void pause() {
        socket.pause();
    }

    public void resume() {
        socket.resume();
    }

    /** Every frame received so far, in order. */
    public List<JsonNode> frames() {
        return received.frames();
    }

    public List<JsonNode> frames(String op) {
        return frames().stream().filter(frame -> op.equals(frame.path("op").asText())).toList();
    }

    /** Every WebSocket message received so far, as it came. */
    public List<String> messages() {
        return received.messages();
    }

    /** The first frame of that op, received already or within the patience. */
    public JsonNode await(String op) {
        return await(frame -> op.equals(frame.path("op").asText()), "a frame " + op);
    }

    /** The first reply to that ref. */
    public JsonNode awaitReply(long ref) {
        return await(frame -> frame.path("ref").asLong(Long.MIN_VALUE) == ref, "the reply to ref " + ref);
    }

    public JsonNode await(Predicate<JsonNode> wanted, String description) {
        return awaitCount(1, wanted, description).get(0);
    }

    public List<JsonNode> awaitCount(int count, String op) {
        return awaitCount(count, frame -> op.equals(frame.path("op").asText()), count + " frames " + op);
    }

    /** The first {@code count} frames that are wanted; fails when they do not come within the patience or the connection ends. */
    public List<JsonNode> awaitCount(int count, Predicate<JsonNode> wanted, String description) {
        return received.await(count, wanted, PATIENCE, description);
    }

    /** The close code, within the patience; null when the connection ended without one. */
    public Short awaitClose() {
        return await(closed, "see the connection close");
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    /** Ends the TCP connection at once, without a closing frame, as a lost network does; one that has ended already stays as it is. */
    public void cut() {
        var channel = ((WebSocketInternal) connection).channelHandlerContext().channel();
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            return; // the other side was quicker
        }
        channel.close();
    }

    @Override
    public void close() {
        if (!closed.isDone()) {
            socket.close();
        }
    }

    private static String text(Object frame) {
        return new String(Json.bytes(frame), StandardCharsets.UTF_8);
    }

    private static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UpgradeRejectedException refused) {
                throw new UpgradeRefused(refused.getStatus(), refused.getBody() == null ? "" : refused.getBody().toString());
            }
            throw new AssertionError("unable to " + what + "; " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("unable to " + what + " within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting to " + what, e);
        }
    }

    /** The server answered the upgrade with an HTTP status instead. */
    public static final class UpgradeRefused extends RuntimeException {
        private final int status;
        private final String body;

        UpgradeRefused(int status, String body) {
            super("upgrade refused with " + status);
            this.status = status;
            this.body = body;
        }

        public int status() {
            return status;
        }

        public String body() {
            return body;
        }
    }

    /** One event loop for all clients of a test run; its threads are daemons. */
    private static final class Shared {
        private static final Vertx VERTX = Vertx.vertx();
        private static final WebSocketClient CLIENT = VERTX.createWebSocketClient(
                new WebSocketClientOptions().setMaxConnections(10_000).setMaxFrameSize(MAX_MESSAGE).setMaxMessageSize(MAX_MESSAGE));
    }
}
