package io.millrace.ingest.attachment;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.InputStream;
import java.time.Duration;

/** Moves bytes of a store to a peer, a chunk at a time and only while the peer takes them. Owned by the response's event loop. */
final class ResponsePump {
    private static final int CHUNK = 64 * 1024;

    private final InputStream from;
    private final HttpServerResponse response;
    private final Workers workers;
    private final Counter bytes;
    private final Promise<Void> sent = Promise.promise();
    private Future<byte[]> reading = Future.succeededFuture();
    private Progress progress;
    private long left;

    ResponsePump(InputStream from, long length, HttpServerResponse response, Workers workers, Counter bytes) {
        this.from = from;
        this.left = length;
        this.response = response;
        this.workers = workers;
        this.bytes = bytes;
    }

    /** Completes when all bytes are handed over; the response is not ended. */
    Future<Void> run(Vertx vertx, Duration idleTimeout) {
        progress = new Progress(vertx, idleTimeout, sent);
        response.exceptionHandler(cause -> sent.tryFail(new BrokenTransfer(String.valueOf(cause.getMessage()))));
        response.closeHandler(closed -> sent.tryFail(new BrokenTransfer("the peer went away")));
        next();
        return sent.future().transform(all -> reading.transform(read -> all.failed() ? Future.failedFuture(all.cause()) : Future.succeededFuture()));
    }

    private void next() {
        if (sent.future().isComplete()) {
            return;
        }
        if (left == 0) {
            sent.tryComplete();
            return;
        }
        reading = workers.call(() -> from.readNBytes((int) Math.min(CHUNK, left)));
        reading.onSuccess(this::write).onFailure(sent::tryFail);
    }

    private void write(byte[] chunk) {
        if (chunk.length == 0) {
            sent.tryFail(new EOFException("unable to read the attachment; the store has fewer bytes than it says"));
            return;
        }
        left -= chunk.length;
        bytes.increment(chunk.length);
        progress.moved();
        response.write(Buffer.buffer(chunk));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> {
                response.drainHandler(null);
                progress.moved();
                next();
            });
        } else {
            next();
        }
    }
}
