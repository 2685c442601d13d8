package io.millrace.gate;

import io.millrace.gate.limit.Admission;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Every open socket of this process, and the goodbye to all of them (DEL-9): spread over time, each told when to come back, so
 * that those who stay are not run over. The goodbye comes before the HTTP server stops, on the thread that shuts down.
 */
@Singleton
class LiveSockets {
    private static final long MILLIS_BETWEEN_GOODBYES = 2;

    private final Set<LiveSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Admission admission;
    private final Duration drainTime;

    @Inject
    LiveSockets(GateConfig config, Admission admission) {
        this.admission = admission;
        this.drainTime = config.drainTime();
    }

    void add(LiveSocket socket) {
        sockets.add(socket);
    }

    void remove(LiveSocket socket) {
        sockets.remove(socket);
    }

    void beforeServerStops(@Observes ShutdownDelayInitiatedEvent event) {
        drain();
    }

    void whenServerStopped(@Observes ShutdownEvent event) {
        drain();
    }

    /** Lets nobody in any more and ends all connections, within the drain time; what is not answered by then is cut off. */
    void drain() {
        admission.close();
        var leaving = List.copyOf(sockets);
        if (leaving.isEmpty()) {
            return;
        }
        GateLog.draining(leaving.size());
        long spread = Math.min(drainTime.toMillis() / 2, leaving.size() * MILLIS_BETWEEN_GOODBYES);
        var left = new CountDownLatch(leaving.size());
        leaving.forEach(socket -> leaveSometime(socket, spread, left));
        await(left);
        sockets.forEach(late -> late.context().runOnContext(tick -> late.sayGoodbye(spread)));
    }

    private static void leaveSometime(LiveSocket socket, long spread, CountDownLatch left) {
        long when = 1 + ThreadLocalRandom.current().nextLong(spread + 1);
        long reconnectAfterMs = ThreadLocalRandom.current().nextLong(spread + 1);
        socket.context().runOnContext(tick -> Vertx.currentContext().owner().setTimer(when,
                turn -> socket.leave(reconnectAfterMs).onComplete(done -> left.countDown())));
    }

    private void await(CountDownLatch left) {
        try {
            if (!left.await(drainTime.toMillis(), TimeUnit.MILLISECONDS)) {
                GateLog.unanswered(left.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
