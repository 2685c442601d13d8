package io.millrace.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Many connections to one server, and how many entries all of them were given together. */
final class Readers implements AutoCloseable {
    private static final int AT_ONCE = 50;
    private static final int PATIENCE_SECONDS = 300;
    private static final int MAX_MESSAGE = 8 << 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final WebSocketClient client = vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(20_000).setMaxFrameSize(MAX_MESSAGE).setMaxMessageSize(MAX_MESSAGE).setReuseAddress(true));
    private final LongAdder entries = new LongAdder();
    private final List<Reader> all = new ArrayList<>();
    private final int port;

    Readers(int port) {
        this.port = port;
    }

    /** Opens {@code count} connections, a few at a time; {@code path} is that of the nth. */
    List<Reader> connect(int count, IntFunction<String> path, String token) {
        List<Reader> opened = new ArrayList<>();
        for (int from = 0; from < count; from += AT_ONCE) {
            List<CompletableFuture<Reader>> opening = new ArrayList<>();
            for (int n = from; n < Math.min(count, from + AT_ONCE); n++) {
                opening.add(connect(path.apply(n), token));
            }
            opening.forEach(one -> opened.add(await(one)));
        }
        all.addAll(opened);
        return opened;
    }

    private CompletableFuture<Reader> connect(String path, String token) {
        var options = new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path).setAllowOriginHeader(false);
        options.putHeader("Authorization", "Bearer " + token);
        var opened = new CompletableFuture<Reader>();
        // on an event loop: elsewhere the connection may be open before it has its handlers
        vertx.runOnContext(tick -> new Reader(client.webSocket(), entries).open(options).onSuccess(opened::complete).onFailure(opened::completeExceptionally));
        return opened;
    }

    /** Entries all connections were given so far. */
    long entries() {
        return entries.sum();
    }

    void awaitEntries(long count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (entries() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("given " + entries() + " of " + count + " entries");
            }
            LockSupport.parkNanos(200_000);
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("unable to go on; " + e, e);
        }
    }

    @Override
    public void close() {
        all.forEach(Reader::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
