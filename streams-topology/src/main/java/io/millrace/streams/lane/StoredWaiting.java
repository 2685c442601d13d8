package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topic;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import io.millrace.tracing.TraceContext;
import io.millrace.streams.lane.queue.LaneMessage;
import io.millrace.streams.lane.queue.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The waiting messages of one lane in the store of all of them. What comes and goes within one event never touches the store: the rest is
 * written by {@link #flush()}. On the stream thread.
 */
final class StoredWaiting implements Waiting {
    private static final int OVERHEAD = 16;
    private final KeyValueStore<byte[], byte[]> store;
    private final byte[] lane;
    private final Topic<AcceptedMessage> topic;
    private LaneMessage fresh;

    StoredWaiting(KeyValueStore<byte[], byte[]> store, byte[] lane, Topic<AcceptedMessage> topic) {
        this.store = store;
        this.lane = lane;
        this.topic = topic;
    }

    @Override
    public LaneMessage get(long position) {
        if (isFresh(position)) {
            return fresh;
        }
        var value = store.get(LaneKey.at(lane, position));
        return value == null ? null : decode(position, value);
    }

    @Override
    public void put(LaneMessage message) {
        flush();
        fresh = message;
    }

    @Override
    public void remove(long position) {
        if (isFresh(position)) {
            fresh = null;
        } else {
            store.delete(LaneKey.at(lane, position));
        }
    }

    @Override
    public List<LaneMessage> all() {
        List<LaneMessage> messages = new ArrayList<>();
        try (var entries = entries()) {
            entries.forEachRemaining(entry -> messages.add(decode(LaneKey.position(entry.key), entry.value)));
        }
        return messages;
    }

    @Override
    public long firstPosition() {
        try (var entries = entries()) {
            return LaneKey.position(entries.next().key);
        }
    }

    @Override
    public long earliestArrival() {
        long earliest = Long.MAX_VALUE;
        try (var entries = entries()) {
            while (entries.hasNext()) {
                earliest = Math.min(earliest, new ByteReader(entries.next().value).takeNumber());
            }
        }
        return earliest;
    }

    /** Writes down what came and stays. */
    void flush() {
        if (fresh != null) {
            store.put(LaneKey.at(lane, fresh.position()), encode(fresh));
            fresh = null;
        }
    }

    private boolean isFresh(long position) {
        return fresh != null && fresh.position() == position;
    }

    private KeyValueIterator<byte[], byte[]> entries() {
        flush();
        return store.range(LaneKey.at(lane, 0), LaneKey.at(lane, Long.MAX_VALUE));
    }

    private static byte[] encode(LaneMessage message) {
        return new ByteWriter(message.value().length + OVERHEAD).putNumber(message.arrivedAt())
                .putOptionalText(message.trace().parent()).putOptionalText(message.trace().state()).putRest(message.value()).toBytes();
    }

    private LaneMessage decode(long position, byte[] value) {
        var from = new ByteReader(value);
        long arrivedAt = from.takeNumber();
        var trace = new TraceContext(from.takeOptionalText(), from.takeOptionalText());
        var raw = from.takeRest();
        return new LaneMessage(position, arrivedAt, topic.decode(raw), raw, trace);
    }
}
