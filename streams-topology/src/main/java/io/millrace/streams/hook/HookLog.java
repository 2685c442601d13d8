package io.millrace.streams.hook;

import io.millrace.streams.hook.HookAnswer.Trouble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Every word the hook worker logs: no text, sender or credential (SEC-5). Trouble is told once a minute, and every time at debug. */
final class HookLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.hook");
    private static final long PACE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong lastTold = new AtomicLong(System.nanoTime() - PACE);

    void working(HookSettings settings, String host) {
        LOG.infof("asking the hook at %s, %d calls at once, timeout %d ms, on trouble: %s", host, settings.concurrency(), settings.timeout().toMillis(),
                settings.onUnavailable());
    }

    void trouble(Trouble trouble) {
        long last = lastTold.get();
        boolean due = System.nanoTime() - last >= PACE && lastTold.compareAndSet(last, System.nanoTime());
        var detail = trouble.detail() == null ? "" : " (" + trouble.detail() + ")";
        LOG.logf(due ? Logger.Level.WARN : Logger.Level.DEBUG, "unable to ask the hook; %s%s", trouble.reason(), detail);
    }

    void leftAlone(Duration delay) {
        LOG.warnf("the hook failed too often; its circuit breaker is open and tries one call every %d ms", delay.toMillis());
    }

    void askedAgain() {
        LOG.info("the hook answers again; its circuit breaker is closed");
    }

    void undecodable(String topic, int partition, long offset) {
        LOG.warnf("unable to read the record at %s-%d@%d; skipped", topic, partition, offset);
    }

    void defect(Throwable bug) {
        LOG.error("unable to ask the hook; this is a defect of the worker", bug);
    }
}
