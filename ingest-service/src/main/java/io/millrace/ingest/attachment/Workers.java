package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The threads that wait for the store, apart from all others, and the bound on requests that may ask for them. */
@ApplicationScoped
class Workers {
    private final WorkerExecutor threads;
    private final AttachmentMetrics metrics;
    private final int limit;

    @Inject
    Workers(Vertx vertx, AttachmentConfig config, AttachmentMetrics metrics) {
        this.threads = vertx.createSharedWorkerExecutor("millrace-attachments", config.workers());
        this.metrics = metrics;
        this.limit = config.requests();
    }

    /** Runs one blocking step; the future completes on the caller's event loop. */
    <T> Future<T> call(Callable<T> step) {
        return threads.executeBlocking(step, false);
    }

    /** Answers one request, if there is room for another. */
    Future<Void> admit(Supplier<Future<Void>> request) {
        if (metrics.requests.incrementAndGet() > limit) {
            metrics.requests.decrementAndGet();
            metrics.busy.increment();
            return Future.failedFuture(Refusal.soon(ErrorCode.UNAVAILABLE, "unable to answer now; too many attachments are on their way"));
        }
        return Future.succeededFuture().compose(go -> request.get()).onComplete(done -> metrics.requests.decrementAndGet());
    }

    @PreDestroy
    void close() {
        threads.close();
    }
}
