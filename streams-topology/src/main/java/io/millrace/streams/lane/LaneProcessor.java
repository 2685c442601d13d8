package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import io.millrace.streams.Parking;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Loads the lane that a record or a due time is about, lets it decide, keeps what became of it. On the stream thread. */
final class LaneProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final Topics topics;
    private final LaneSettings settings;
    private final Outgoing outgoing = new Outgoing(LaneScheduler.SOURCE);
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> lanes;
    private KeyValueStore<byte[], byte[]> waiting;
    private DueTimes dueTimes;
    private LaneOutlet outlet;
    private Parking parking;

    LaneProcessor(Topics topics, LaneSettings settings) {
        this.topics = topics;
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        lanes = context.getStateStore(LaneScheduler.LANES);
        waiting = context.getStateStore(LaneScheduler.WAITING);
        outlet = new InboxOutlet(context, topics, settings, outgoing);
        parking = new Parking(topics.failures(), outgoing);
        dueTimes = new DueTimes(context, context.getStateStore(LaneScheduler.DUE), this::wake);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        AcceptedMessage accepted;
        try {
            accepted = topics.text().decode(record.value());
        } catch (UndecodableRecord e) {
            context.forward(parking.park(record, context.recordMetadata().orElseThrow()), LaneScheduler.FAILURES);
            return;
        }
        arrive(accepted, record);
    }

    private void arrive(AcceptedMessage accepted, Record<byte[], byte[]> record) {
        long now = context.currentSystemTimeMs();
        var key = LaneKey.of(accepted).toBytes();
        var state = load(key);
        var laneSeq = accepted.message().laneSeq();
        long position = laneSeq == null ? LaneQueue.positionByArrival(state) : laneSeq;
        var queue = queue(key, state);
        queue.arrive(new LaneMessage(position, now, accepted, record.value(), Outgoing.traceOf(record.headers())), now);
        keep(key, state, queue.state(), laneSeq == null);
    }

    private boolean wake(byte[] key, long dueAt, long now) {
        var state = load(key);
        if (state.scheduledAt() != dueAt) {
            return false;
        }
        if (state.isSpent(settings, now)) {
            forget(key, state);
        } else {
            var queue = queue(key, state);
            queue.due(now, dueTimes.resumedAt());
            keep(key, state, queue.state(), !LaneKey.of(key).counted());
        }
        return true;
    }

    private LaneState load(byte[] key) {
        var kept = lanes.get(key);
        return kept == null ? LaneState.NEW : LaneStateCodec.decode(kept);
    }

    private LaneQueue queue(byte[] key, LaneState state) {
        return new LaneQueue(settings, state, new StoredWaiting(waiting, key, topics.text()), outlet);
    }

    /** A lane that counts by arrival has nothing to remember once nothing waits. */
    private void keep(byte[] key, LaneState before, LaneState after, boolean byArrival) {
        if (byArrival && after.waiting() == 0) {
            forget(key, before);
            return;
        }
        long dueAt = after.dueAt(settings, dueTimes.resumedAt());
        boolean passed = before.scheduledAt() <= context.currentSystemTimeMs();
        if (dueAt < before.scheduledAt() || passed) {
            dueTimes.move(key, before.scheduledAt(), dueAt);
            lanes.put(key, LaneStateCodec.encode(after.scheduled(dueAt)));
        } else {
            lanes.put(key, LaneStateCodec.encode(after));
        }
    }

    private void forget(byte[] key, LaneState state) {
        if (state.scheduledAt() != Head.NEVER) {
            dueTimes.move(key, state.scheduledAt(), Head.NEVER);
            lanes.delete(key);
        }
    }
}
