package io.millrace.bench;

import io.millrace.testing.FrameClient;
import io.millrace.testing.Patience;
import io.millrace.testing.TestTokens;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Connections of a sender each that always have so many messages unanswered; they know an answer by its op and read no more of it. */
final class FullSpeedSenders implements AutoCloseable {
    private static final String ACCEPTED = "\"op\":\"accepted\"";
    private static final String MESSAGE = "{\"op\":\"send\",\"ref\":%d,\"id\":\"%s-%d\",\"room\":\"room%d\",\"session\":\"%s\",\"laneSeq\":%d,"
            + "\"action\":\"message.create\",\"type\":\"text\",\"text\":\"a message of a usual length, as people write them\",\"createdAt\":\"2026-11-22T05:00:00Z\"}";
    private static final int ROOMS = 50;
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong accepted = new AtomicLong();

    FullSpeedSenders(URI uri, TestTokens tokens, int connections, int window) {
        var client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(connections));
        var opened = IntStream.range(0, connections).mapToObj(n -> client.connect(FrameClient.options(uri).putHeader("Authorization", "Bearer " + tokens.token("sender" + n)))
                .onSuccess(socket -> new Sender(socket, n % ROOMS).begin(window))).toList();
        Patience.await().until(() -> opened.stream().allMatch(connection -> connection.succeeded()));
    }

    long accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("unable to close the senders", e);
        }
    }

    private final class Sender {
        private final WebSocket socket;
        private final int room;
        private final String session = UUID.randomUUID().toString();
        private long sent;

        Sender(WebSocket socket, int room) {
            this.socket = socket;
            this.room = room;
        }

        void begin(int window) {
            socket.textMessageHandler(this::answered);
            send(window);
        }

        private void answered(String text) {
            int answers = 0;
            for (int at = text.indexOf(ACCEPTED); at >= 0; at = text.indexOf(ACCEPTED, at + ACCEPTED.length())) {
                answers++;
            }
            accepted.addAndGet(answers);
            send(answers);
        }

        private void send(int messages) {
            for (int n = 0; n < messages; n++) {
                sent++;
                socket.writeTextMessage(String.format(MESSAGE, sent, session, sent, room, session, sent));
            }
        }
    }
}
