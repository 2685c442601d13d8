package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topic;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import io.millrace.streams.TraceContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** The waiting messages of one lane in the store of all of them. On the stream thread. */
final class StoredWaiting implements Waiting {
    private static final int OVERHEAD = 16;
    private final KeyValueStore<byte[], byte[]> store;
    private final byte[] lane;
    private final Topic<AcceptedMessage> topic;

    StoredWaiting(KeyValueStore<byte[], byte[]> store, byte[] lane, Topic<AcceptedMessage> topic) {
        this.store = store;
        this.lane = lane;
        this.topic = topic;
    }

    @Override
    public LaneMessage get(long position) {
        var value = store.get(LaneKey.at(lane, position));
        return value == null ? null : decode(position, value);
    }

    @Override
    public void put(LaneMessage message) {
        store.put(LaneKey.at(lane, message.position()), encode(message));
    }

    @Override
    public void remove(long position) {
        store.delete(LaneKey.at(lane, position));
    }

    @Override
    public long firstPosition() {
        try (var entries = store.range(LaneKey.at(lane, 0), LaneKey.at(lane, Long.MAX_VALUE))) {
            return LaneKey.position(entries.next().key);
        }
    }

    @Override
    public long earliestArrival() {
        long earliest = Long.MAX_VALUE;
        try (var entries = store.range(LaneKey.at(lane, 0), LaneKey.at(lane, Long.MAX_VALUE))) {
            while (entries.hasNext()) {
                earliest = Math.min(earliest, new ByteReader(entries.next().value).takeNumber());
            }
        }
        return earliest;
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
