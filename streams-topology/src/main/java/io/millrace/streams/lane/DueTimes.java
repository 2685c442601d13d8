package io.millrace.streams.lane;

import io.millrace.streams.lane.queue.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Wakes lanes when they asked for it, in order of time and at most {@value #MOST_PER_TICK} a tick. Its timer runs only while something
 * is due within its reach: a quiet scheduler commits nothing. After a start or a pause of the whole process the first tick only looks at
 * the clock, so that what came meanwhile is read before anything is given up. On the stream thread.
 */
final class DueTimes {
    static final int MOST_PER_TICK = 500;
    static final Duration TICK = Duration.ofMillis(100);
    private static final long PAUSE_MS = 1_000;
    private static final byte[] NOTHING = {};
    private static final byte[] FIRST = Wakes.beforeTime(0);
    private static final byte[] LAST = Wakes.beforeTime(Head.NEVER);

    private final ProcessorContext<?, ?> context;
    private final KeyValueStore<byte[], byte[]> store;
    private final Wake wake;
    private Cancellable timer;
    private long timerAt = Head.NEVER;
    private long resumedAt;

    DueTimes(ProcessorContext<?, ?> context, KeyValueStore<byte[], byte[]> store, Wake wake) {
        this.context = context;
        this.store = store;
        this.wake = wake;
        resumedAt = context.currentSystemTimeMs();
        setTimer(resumedAt);
    }

    /** When the scheduler last came back from a start or a pause. */
    long resumedAt() {
        return resumedAt;
    }

    /** Moves a lane's one entry; {@link Head#NEVER} stands for none. */
    void move(byte[] lane, long from, long to) {
        if (from != Head.NEVER) {
            store.delete(Wakes.time(from, lane));
        }
        if (to != Head.NEVER) {
            store.put(Wakes.time(to, lane), NOTHING);
            setTimer(to);
        }
    }

    private void tick(long now) {
        boolean late = now - timerAt > PAUSE_MS;
        timer.cancel();
        timerAt = Head.NEVER;
        if (late) {
            resumedAt = now;
            setTimer(now);
            return;
        }
        for (var due : due(now)) {
            if (!wake.wake(Wakes.laneWokenByTime(due), Wakes.timeOf(due), now)) {
                store.delete(due);
            }
        }
        setTimer(firstDue());
    }

    private List<byte[]> due(long now) {
        List<byte[]> due = new ArrayList<>();
        try (var entries = store.range(FIRST, Wakes.beforeTime(now + 1))) {
            while (entries.hasNext() && due.size() < MOST_PER_TICK) {
                due.add(entries.next().key);
            }
        }
        return due;
    }

    private long firstDue() {
        try (var entries = store.range(FIRST, LAST)) {
            return entries.hasNext() ? Wakes.timeOf(entries.next().key) : Head.NEVER;
        }
    }

    private void setTimer(long at) {
        if (at >= timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        long now = context.currentSystemTimeMs();
        timerAt = Math.max(at, now + TICK.toMillis());
        timer = context.schedule(Duration.ofMillis(timerAt - now), PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    /** Wakes a lane; false if the lane never asked for {@code dueAt}, or no longer does. */
    interface Wake {
        boolean wake(byte[] lane, long dueAt, long now);
    }
}
