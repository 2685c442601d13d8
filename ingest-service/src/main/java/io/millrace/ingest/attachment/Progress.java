package io.millrace.ingest.attachment;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Watches bytes move: ends a transfer whose peer stands still for the idle timeout (at most twice that). Owned by its event loop. */
final class Progress {
    private final Vertx vertx;
    private final long timer;
    private boolean moved = true;

    Progress(Vertx vertx, Duration idleTimeout, Promise<Void> transfer) {
        this.vertx = vertx;
        timer = vertx.setPeriodic(idleTimeout.toMillis(), tick -> {
            if (!moved) {
                transfer.tryFail(new BrokenTransfer("the peer stood still"));
            }
            moved = false;
        });
        transfer.future().onComplete(done -> stop());
    }

    void moved() {
        moved = true;
    }

    private void stop() {
        vertx.cancelTimer(timer);
    }
}
