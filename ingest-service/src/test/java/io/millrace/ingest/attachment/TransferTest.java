package io.millrace.ingest.attachment;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Attachment;
import io.millrace.ingest.attachment.file.Refusal;
import io.millrace.ingest.attachment.store.Incoming;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ING-9: bytes on their way cost a few buffers, whoever is slow, and nobody holds a transfer open by standing still. */
class TransferTest {
    private static final long FAR_MORE_THAN_BUFFERS = 1L << 30;
    private static final long WHAT_SOCKETS_AND_BUFFERS_MAY_HOLD = 64L << 20;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final AttachmentDefaults defaults = new AttachmentDefaults(Map.of("millrace.attachments.requests", "2"));
    private final Vertx vertx = Vertx.vertx();
    private final Workers workers = new Workers(vertx, defaults.config, defaults.metrics);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicLong stored = new AtomicLong();

    @AfterEach
    void stop() {
        released.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    @DisplayName("ING-9: a store that stands still stops the sender, not the memory")
    void readsNoFasterThanTheStoreWrites() throws Exception {
        CompletableFuture<Void> received = new CompletableFuture<>();
        try (SocketChannel client = connect(serve(request -> settle(received, pump(request, LONG, LONG))))) {
            send(client, head(FAR_MORE_THAN_BUFFERS));
            long sent = fillUntilNothingMoves(client);
            await().until(() -> defaults.metrics.bytesIn.count() > 0);

            assertThat(sent).isLessThan(WHAT_SOCKETS_AND_BUFFERS_MAY_HOLD);
            assertThat(stored).as("one buffer waits for the store").hasValue(0);
            assertThat(defaults.metrics.bytesIn.count()).isBetween(1.0, 1024.0 * 1024);
            released.countDown();
            await().untilAsserted(() -> assertThat(stored.get()).isGreaterThanOrEqualTo(sent / 2));
        }
        assertThatThrownBy(() -> received.get(60, TimeUnit.SECONDS)).as("broken off").hasCauseInstanceOf(BrokenTransfer.class);
    }

    @Test
    void endsAnUploadThatStandsStill() throws Exception {
        released.countDown();
        CompletableFuture<Void> received = new CompletableFuture<>();
        try (SocketChannel client = connect(serve(request -> settle(received, pump(request, Duration.ofSeconds(2), LONG))))) {
            send(client, head(1000));
            send(client, new byte[10]);
            assertThatThrownBy(() -> received.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(BrokenTransfer.class);
            assertThat(stored).hasValue(10);
        }
    }

    @Test
    @DisplayName("ING-9: an upload under way ends with its deadline")
    void endsAnUploadAtItsDeadline() throws Exception {
        released.countDown();
        CompletableFuture<Void> received = new CompletableFuture<>();
        try (SocketChannel client = connect(serve(request -> settle(received, pump(request, LONG, Duration.ofMillis(50)))))) {
            send(client, head(1000));
            assertThatThrownBy(() -> received.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class).cause()
                    .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.UPLOAD_TIMEOUT));
        }
    }

    @Test
    @DisplayName("ING-9: a reader that stands still stops the store, not the memory, and is cut off")
    void readsTheStoreNoFasterThanThePeerReads() throws Exception {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        AtomicLong read = new AtomicLong();
        int port = serve(request -> {
            request.response().putHeader("Content-Length", Long.toString(FAR_MORE_THAN_BUFFERS));
            return settle(sent, new ResponsePump(endless(read), FAR_MORE_THAN_BUFFERS, request.response(), workers, defaults.metrics.bytesOut)
                    .run(vertx, Duration.ofSeconds(1)));
        });
        try (SocketChannel client = connect(port)) {
            send(client, "GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> sent.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(BrokenTransfer.class);
            assertThat(read.get()).isBetween(1L, WHAT_SOCKETS_AND_BUFFERS_MAY_HOLD);
        }
    }

    @Test
    void answersOnlySoManyRequestsAtOnce() {
        Promise<Void> first = Promise.promise();
        workers.admit(first::future);
        workers.admit(() -> Promise.<Void>promise().future());
        Future<Void> refused = workers.admit(Future::succeededFuture);
        assertThat(refused.cause()).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(defaults.metrics.busy.count()).isEqualTo(1);
        first.complete();
        assertThat(workers.admit(Future::succeededFuture).succeeded()).isTrue();
    }

    private Future<Void> pump(HttpServerRequest request, Duration idle, Duration longest) {
        return new BodyPump(request, new Slow(), workers, defaults.metrics.bytesIn).run(vertx, idle, longest);
    }

    private static Future<Void> settle(CompletableFuture<Void> settled, Future<Void> transfer) {
        return transfer.onSuccess(settled::complete).onFailure(settled::completeExceptionally);
    }

    private int serve(Function<HttpServerRequest, Future<Void>> service) {
        HttpServer server = vertx.createHttpServer().requestHandler(service::apply);
        return server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join().actualPort();
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    }

    private static byte[] head(long length) {
        return ("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void send(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
    }

    /** Offers bytes until the socket has taken none for a while. */
    private static long fillUntilNothingMoves(SocketChannel client) throws IOException {
        client.configureBlocking(false);
        ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
        AtomicLong sent = new AtomicLong();
        await().pollInterval(Duration.ofMillis(10)).during(Duration.ofSeconds(1)).until(() -> {
            long before = sent.get();
            for (int taken = 1; taken > 0 && sent.get() < FAR_MORE_THAN_BUFFERS; sent.addAndGet(taken)) {
                chunk.clear();
                taken = client.write(chunk);
            }
            return sent.get() == before;
        });
        return sent.get();
    }

    private static InputStream endless(AtomicLong read) {
        return new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 0;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                read.addAndGet(length);
                return length;
            }
        };
    }

    /** A store that writes nothing before it is released. */
    private final class Slow implements Incoming {
        @Override
        public void write(byte[] bytes) throws IOException {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            stored.addAndGet(bytes.length);
        }

        @Override
        public Attachment finish(Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
