package io.millrace.bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** One connection of many that only counts what it is given: frames are told apart by their first bytes and never parsed. On its event loop. */
final class Reader {
    private static final int OP = "{\"op\":\"".length();
    private static final int PREFIX = 24;

    private final ClientWebSocket socket;
    private final LongAdder entries;
    private Context context;
    private volatile int entryBytes;
    private long mine;
    private long awaited = Long.MAX_VALUE;
    private CompletableFuture<Void> reached;
    private CompletableFuture<String> answer;

    Reader(ClientWebSocket socket, LongAdder entries) {
        this.socket = socket;
        this.entries = entries;
        socket.frameHandler(this::take);
    }

    Future<Reader> open(WebSocketConnectOptions options) {
        return socket.connect(options).map(open -> {
            context = Vertx.currentContext();
            return this;
        });
    }

    /** Sends a frame and returns the whole reply; one question at a time. */
    CompletableFuture<String> ask(String frame) {
        var asked = new CompletableFuture<String>();
        onLoop(() -> {
            answer = asked;
            socket.writeFinalTextFrame(frame);
        });
        return asked;
    }

    /** Completes when this connection was given {@code count} more entries. */
    CompletableFuture<Void> more(long count) {
        var done = new CompletableFuture<Void>();
        onLoop(() -> {
            awaited = mine + count;
            reached = done;
        });
        return done;
    }

    /** Reads nothing any more. */
    void pause() {
        onLoop(socket::pause);
    }

    /** The length of the entry's frame it was given last. */
    int entryBytes() {
        return entryBytes;
    }

    void close() {
        socket.close();
    }

    private void onLoop(Runnable task) {
        context.runOnContext(tick -> task.run());
    }

    private void take(WebSocketFrame frame) {
        if (!frame.isText() && !frame.isContinuation()) {
            return;
        }
        ByteBuf bytes = frame.binaryData().getByteBuf();
        long before = mine;
        for (int from = bytes.readerIndex(); from < bytes.writerIndex(); ) {
            int end = bytes.forEachByte(from, bytes.writerIndex() - from, ByteProcessor.FIND_LF);
            int to = end < 0 ? bytes.writerIndex() : end;
            line(bytes, from, to);
            from = to + 1;
        }
        entries.add(mine - before);
        if (mine >= awaited) {
            awaited = Long.MAX_VALUE;
            reached.complete(null);
        }
    }

    private void line(ByteBuf bytes, int from, int to) {
        if (to - from > PREFIX && bytes.getByte(from + OP) == 'm' && bytes.getByte(from + OP + 1) == 'e') {
            mine++;
            entryBytes = to - from;
        } else if (answer != null && bytes.toString(from, Math.min(to - from, 4 * PREFIX), StandardCharsets.UTF_8).contains("\"ref\":")) {
            answer.complete(bytes.toString(from, to - from, StandardCharsets.UTF_8));
            answer = null;
        }
    }
}
