package io.millrace.standalone.client;

import io.millrace.contract.frame.ServerFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What all clients of one program share: one event loop, on which everything of theirs runs, and the pace at which it opens
 * connections (the server allows an address 200 a second, SEC-3).
 */
public final class MillraceClient implements AutoCloseable {
    private static final Duration BETWEEN_CONNECTIONS = Duration.ofMillis(8);
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int MAX_MESSAGE = 2 * 1024 * 1024;
    private static final int PATIENCE_TO_CONNECT_MILLIS = 5_000;
    private static final int SILENCE_SECONDS = 90; // the server pings every 25 s

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
    private final Context context = vertx.getOrCreateContext();
    private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MAX_CONNECTIONS)
            .setMaxMessageSize(MAX_MESSAGE).setMaxFrameSize(MAX_MESSAGE).setConnectTimeout(PATIENCE_TO_CONNECT_MILLIS).setIdleTimeout(SILENCE_SECONDS));
    private final HttpClient http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(PATIENCE_TO_CONNECT_MILLIS)
            .setReadIdleTimeout(PATIENCE_TO_CONNECT_MILLIS).setIdleTimeoutUnit(TimeUnit.MILLISECONDS), new PoolOptions().setHttp1MaxSize(8));
    private final ServerAddress server;
    private final TokenSource tokens;
    private final Recorder recorder;
    private long nextConnection = System.nanoTime();

    /** Without a token it asks the server for development tokens. */
    public MillraceClient(ServerAddress server, String token) {
        this(server, token, null, Recorder.none());
    }

    /**
     * {@code rooms} is what the development tokens shall grant, null for everything; {@code recorder} is this client's from now on, and
     * ends with it.
     */
    public MillraceClient(ServerAddress server, String token, Map<String, List<String>> rooms, Recorder recorder) {
        this.server = server;
        this.recorder = recorder;
        this.tokens = token == null ? new DevTokens(http, server, rooms) : TokenSource.fixed(token);
    }

    public ServerAddress server() {
        return server;
    }

    public Future<String> token(String sender) {
        Promise<String> answer = Promise.promise();
        run(() -> tokens.token(sender).onComplete(answer));
        return answer.future();
    }

    /** Runs it on the event loop, which owns every session and follower. */
    public void run(Runnable task) {
        context.runOnContext(tick -> task.run());
    }

    /** Runs it on the event loop and returns when it is done, so that the caller may read what it left. */
    public void runAndWait(Runnable task) {
        CompletableFuture.runAsync(task, this::run).join();
    }

    public void after(Duration delay, Runnable task) {
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).exceptionally(e -> null).join();
        recorder.close();
    }

    /** Opens a socket as {@code sender}; frames and the one call of {@code closed} come on the event loop, none of them before this succeeded. */
    Future<ClientSocket> open(String path, String sender, Consumer<ServerFrame> frames, Consumer<Unreachable> closed) {
        return paced().compose(tick -> tokens.token(sender)).compose(token -> {
            var socket = sockets.webSocket();
            var tape = recorder.open(path, sender);
            socket.textMessageHandler(message -> ClientSocket.split(message, tape, frames));
            socket.exceptionHandler(failure -> { }); // the close that follows says it
            socket.closeHandler(end -> {
                tape.closed(socket.closeStatusCode());
                closed.accept(Unreachable.closed(socket.closeStatusCode(), socket.closeReason()));
            });
            return socket.connect(server.socket(path).addHeader("Authorization", "Bearer " + token)).map(opened -> new ClientSocket(opened, context, tape));
        }).recover(failure -> Future.failedFuture(unreachable(failure, sender)));
    }

    private Future<Void> paced() {
        long now = System.nanoTime();
        nextConnection = Math.max(nextConnection + BETWEEN_CONNECTIONS.toNanos(), now);
        Promise<Void> turn = Promise.promise();
        after(Duration.ofNanos(nextConnection - now), turn::complete);
        return turn.future();
    }

    private Unreachable unreachable(Throwable failure, String sender) {
        if (failure instanceof Unreachable known) {
            return known;
        }
        if (failure instanceof UpgradeRejectedException rejected) {
            String reason = "the server refuses the socket (HTTP " + rejected.getStatus() + ")";
            boolean hopeless = switch (rejected.getStatus()) {
                case 401 -> !tokens.renew(sender);
                case 400, 403, 404 -> true;
                default -> false;
            };
            return hopeless ? Unreachable.refused(reason) : Unreachable.forNow(reason);
        }
        return Unreachable.forNow(String.valueOf(failure.getMessage()));
    }
}
