package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topic;
import io.millrace.streams.WritePathMeters;
import io.millrace.streams.lane.queue.Head;
import io.millrace.streams.lane.queue.LaneOutlet;
import io.millrace.streams.lane.queue.LaneQueue;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.LaneState;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** All lanes of one task: loads one, lets it decide, and keeps what became of it and what wakes it next. On the stream thread. */
final class Lanes {
    private final ProcessorContext<?, ?> context;
    private final LaneSettings settings;
    private final Topic<AcceptedMessage> messages;
    private final LaneOutlet outlet;
    private final Uploads uploads;
    private final WritePathMeters meters;
    private final KeyValueStore<byte[], byte[]> lanes;
    private final KeyValueStore<byte[], byte[]> waiting;
    private final DueTimes dueTimes;
    private long counted;

    Lanes(ProcessorContext<?, ?> context, LaneSettings settings, Topic<AcceptedMessage> messages, LaneOutlet outlet, Uploads uploads, WritePathMeters meters) {
        this.context = context;
        this.settings = settings;
        this.messages = messages;
        this.outlet = outlet;
        this.uploads = uploads;
        this.meters = meters;
        lanes = context.getStateStore(LaneScheduler.LANES);
        waiting = context.getStateStore(LaneScheduler.WAITING);
        dueTimes = new DueTimes(context, context.getStateStore(LaneScheduler.WAKES), this::wake);
        countAgain();
    }

    /** One event of one lane. {@code event} gets the lane's queue and its state before. */
    void decide(LaneKey key, BiConsumer<LaneQueue, LaneState> event) {
        var lane = key.toBytes();
        decide(key, lane, load(lane), event);
    }

    private void decide(LaneKey key, byte[] lane, LaneState before, BiConsumer<LaneQueue, LaneState> event) {
        var messagesWaiting = new StoredWaiting(waiting, lane, messages);
        var queue = new LaneQueue(settings, before, messagesWaiting, uploads, outlet);
        event.accept(queue, before);
        messagesWaiting.flush();
        count(before, queue.state());
        keep(key, lane, before, queue.state());
    }

    private boolean wake(byte[] lane, long dueAt, long now) {
        var state = load(lane);
        if (state.scheduledAt() != dueAt) {
            return false;
        }
        if (state.isSpent(settings, now)) {
            forget(lane, state);
        } else {
            decide(LaneKey.of(lane), lane, state, (queue, before) -> queue.due(now, dueTimes.resumedAt()));
        }
        return true;
    }

    private LaneState load(byte[] lane) {
        var kept = lanes.get(lane);
        return kept == null ? LaneState.NEW : LaneStateCodec.decode(kept);
    }

    /** Nothing that waits here is this instance's any more. */
    void close() {
        count(-counted);
    }

    /** Whoever had these lanes before has stopped counting them: what waits is what the restored store holds. */
    private void countAgain() {
        try (var entries = waiting.all()) {
            long found = 0;
            for (; entries.hasNext(); entries.next()) {
                found++;
            }
            count(found);
        }
    }

    private void count(long change) {
        counted += change;
        meters.waiting(change);
    }

    private void count(LaneState before, LaneState after) {
        if (after.waiting() != before.waiting()) {
            count(after.waiting() - before.waiting());
        }
        if (after.waiting() > before.waiting()) {
            meters.held();
        }
        if (before.head() instanceof Head.Passing && !(after.head() instanceof Head.Passing)) {
            meters.passedHole();
        }
    }

    private void keep(LaneKey key, byte[] lane, LaneState before, LaneState after) {
        if (before.head() != after.head()) {
            uploads.move(key, lane, before.head(), after.head());
        }
        if (!key.counted() && after.waiting() == 0) {
            forget(lane, before); // a lane that counts by arrival has nothing to remember once nothing waits
            return;
        }
        long dueAt = after.dueAt(settings, dueTimes.resumedAt());
        boolean reschedules = dueAt < before.scheduledAt() || before.scheduledAt() <= context.currentSystemTimeMs();
        if (reschedules) {
            dueTimes.move(lane, before.scheduledAt(), dueAt);
        }
        lanes.put(lane, LaneStateCodec.encode(reschedules ? after.scheduled(dueAt) : after));
    }

    private void forget(byte[] lane, LaneState state) {
        if (state.scheduledAt() != Head.NEVER) {
            dueTimes.move(lane, state.scheduledAt(), Head.NEVER);
            lanes.delete(lane);
        }
    }
}
