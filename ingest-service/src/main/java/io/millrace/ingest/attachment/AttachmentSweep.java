package io.millrace.ingest.attachment;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.ingest.attachment.file.Kept;
import io.millrace.ingest.attachment.file.Upload;
import io.millrace.ingest.attachment.store.AttachmentStore;
import io.millrace.ingest.attachment.store.AttachmentStore.Listed;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Upkeep of the store: uploads not finished in time fail on record and are forgotten, attachments past their retention are
 * removed. A pass looks at a bounded number of each and the next one goes on behind them; passes of several pods do no harm.
 * One pass at a time, on a worker thread.
 */
@ApplicationScoped
class AttachmentSweep {
    /** For completions that began in time and still run, and for clocks that differ. */
    static final Duration GRACE = Duration.ofMinutes(1);

    private final AttachmentStore store;
    private final AttachmentConfig config;
    private final Outcomes outcomes;
    private final Workers workers;
    private final AttachmentMetrics metrics;
    private final AtomicBoolean running = new AtomicBoolean();
    private String lastUnfinished = "";
    private String lastComplete = "";

    @Inject
    AttachmentSweep(AttachmentStore store, AttachmentConfig config, Outcomes outcomes, Workers workers, AttachmentMetrics metrics) {
        this.store = store;
        this.config = config;
        this.outcomes = outcomes;
        this.workers = workers;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent started, Vertx vertx) {
        vertx.setPeriodic(config.sweep().interval().toMillis(), tick -> {
            if (running.compareAndSet(false, true)) {
                workers.call(() -> {
                    pass(Instant.now());
                    return null;
                }).onFailure(AttachmentLog::sweepFailed).onComplete(done -> running.set(false));
            }
        });
    }

    /** Stops at the first trouble of the store or of Kafka: what is left is due again next time. */
    synchronized void pass(Instant now) throws IOException {
        int expired = 0;
        List<Listed> unfinished = store.unfinished(lastUnfinished, config.sweep().limit());
        for (Listed listed : unfinished) {
            expired += now.isBefore(listed.at().plus(config.uploadDeadline()).plus(GRACE)) ? 0 : expire(listed.id(), now);
        }
        lastUnfinished = last(unfinished);
        int aged = 0;
        List<Listed> complete = store.complete(lastComplete, config.sweep().limit());
        for (Listed listed : complete) {
            aged += now.isBefore(listed.at().plus(config.retention())) ? 0 : remove(listed.id());
        }
        lastComplete = last(complete);
        if (expired + aged > 0) {
            AttachmentLog.swept(expired, aged);
        }
    }

    private int expire(String id, Instant now) throws IOException {
        Optional<Kept> kept = store.find(id);
        if (kept.orElse(null) instanceof Upload upload) {
            fail(upload, now);
            metrics.expired.increment();
        }
        store.removeUnfinished(id); // with no upload, or a complete one, these are bytes that came too late
        return 1;
    }

    private void fail(Upload upload, Instant now) throws IOException {
        try {
            outcomes.failed(upload, ErrorCode.UPLOAD_TIMEOUT, "unable to attach the file; its upload was not finished in time", now).join();
        } catch (CompletionException e) {
            throw new IOException("unable to record that an upload was not finished in time; " + e.getCause().getMessage(), e.getCause());
        }
    }

    private int remove(String id) throws IOException {
        store.removeComplete(id);
        metrics.removed.increment();
        return 1;
    }

    private static String last(List<Listed> listed) {
        return listed.isEmpty() ? "" : listed.get(listed.size() - 1).id();
    }
}
