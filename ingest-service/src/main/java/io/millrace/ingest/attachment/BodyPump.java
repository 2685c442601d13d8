package io.millrace.ingest.attachment;

import io.micrometer.core.instrument.Counter;
import io.millrace.ingest.attachment.file.UploadSignature;
import io.millrace.ingest.attachment.store.Incoming;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Moves the body of a request into a store, one buffer at a time: while a worker writes, the request is paused and TCP pushes
 * back, so an upload of any size costs a few buffers. Owned by the request's event loop.
 */
final class BodyPump {
    private final HttpServerRequest request;
    private final Incoming into;
    private final Workers workers;
    private final Counter bytes;
    private final Promise<Void> read = Promise.promise();
    private Future<Void> writing = Future.succeededFuture();
    private Progress progress;

    BodyPump(HttpServerRequest request, Incoming into, Workers workers, Counter bytes) {
        this.request = request;
        this.into = into;
        this.workers = workers;
        this.bytes = bytes;
    }

    /** Completes when the store has all of the body; fails when the body breaks off, stands still or takes {@code longest}. */
    Future<Void> run(Vertx vertx, Duration idleTimeout, Duration longest) {
        progress = new Progress(vertx, idleTimeout, read);
        long deadline = vertx.setTimer(Math.max(1, longest.toMillis()), late -> read.tryFail(UploadSignature.expired()));
        request.handler(this::take);
        request.endHandler(end -> read.tryComplete());
        request.exceptionHandler(cause -> read.tryFail(new BrokenTransfer(String.valueOf(cause.getMessage()))));
        request.resume();
        return read.future().transform(all -> {
            vertx.cancelTimer(deadline);
            request.handler(null);
            return writing.transform(written -> all.failed() ? Future.failedFuture(all.cause()) : writing); // nothing is written after this
        });
    }

    private void take(Buffer buffer) {
        request.pause();
        progress.moved();
        bytes.increment(buffer.length());
        writing = workers.call(() -> {
            into.write(buffer.getBytes());
            return null;
        });
        writing.onSuccess(written -> request.resume()).onFailure(read::tryFail);
    }
}
