package io.millrace.streams.sync;

import io.millrace.contract.json.Json;
import io.millrace.contract.record.SyncEvent;
import io.millrace.streams.ByteWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The layout of the store: {@code s sender id room} → whether it is terminal, its time, the event's JSON; {@code d time sender id room} → nothing:
 * looked at when events of that time are too old. Written by its stream thread alone, read by any.
 */
final class StateStore {
    private static final byte STATE = 's';
    private static final byte DUE = 'd';
    private static final int STAMP = 1 + Long.BYTES;
    private static final byte[] NOTHING = {};
    private static final int USUAL_KEY = 96;

    private final KeyValueStore<Bytes, byte[]> store;

    StateStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Keeps {@code event} unless it is not final and comes after the final word; answers whether it was kept. */
    boolean keep(String sender, SyncEvent event) {
        var name = name(sender, event.id()).putText(event.room()).toBytes();
        var known = store.get(key(STATE, name));
        boolean terminal = event.state().isTerminal();
        if (known != null && isTerminal(known) && !terminal) {
            return false;
        }
        long at = event.at().toEpochMilli();
        var json = Json.bytes(event);
        store.put(dueKey(at, name), NOTHING); // first: a state without a due time would stay for ever
        store.put(key(STATE, name), ByteBuffer.allocate(STAMP + json.length).put((byte) (terminal ? 1 : 0)).putLong(at).put(json).array());
        return true;
    }

    /** The states of one id, a room each, {@code most} at most. */
    List<SyncEvent> find(String sender, String id, int most) {
        List<SyncEvent> found = new ArrayList<>();
        try (var states = store.prefixScan(key(STATE, name(sender, id).toBytes()), Serdes.Bytes().serializer())) {
            while (states.hasNext() && found.size() < most) {
                found.add(event(states.next().value));
            }
        }
        return found;
    }

    /** Drops states of times before {@code cutoffMillis}, in at most {@code batch} steps; answers how many. */
    int prune(long cutoffMillis, int batch) {
        int dropped = 0;
        for (var due : due(cutoffMillis, batch)) {
            var name = Arrays.copyOfRange(due.get(), 1 + Long.BYTES, due.get().length);
            var state = store.get(key(STATE, name));
            if (state != null && at(state) < cutoffMillis) {
                store.put(key(STATE, name), null);
                dropped++;
            }
            store.put(due, null);
        }
        return dropped;
    }

    private List<Bytes> due(long cutoffMillis, int most) {
        List<Bytes> due = new ArrayList<>();
        try (var dues = store.range(Bytes.wrap(new byte[] {DUE}), dueKey(cutoffMillis, NOTHING))) {
            while (dues.hasNext() && due.size() < most) {
                due.add(dues.next().key);
            }
        }
        return due;
    }

    private static boolean isTerminal(byte[] state) {
        return state[0] == 1;
    }

    private static long at(byte[] state) {
        return ByteBuffer.wrap(state).getLong(1);
    }

    private static SyncEvent event(byte[] state) {
        try {
            return Json.MAPPER.readValue(state, STAMP, state.length - STAMP, SyncEvent.class);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read a sync state; its store is damaged", e);
        }
    }

    /** Each part with its length: no sender, id or room is the beginning of another one's. */
    private static ByteWriter name(String sender, String id) {
        return new ByteWriter(USUAL_KEY).putText(sender).putText(id);
    }

    private static Bytes key(byte kind, byte[] name) {
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length).put(kind).put(name).array());
    }

    private static Bytes dueKey(long atMillis, byte[] name) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + name.length).put(DUE).putLong(atMillis ^ Long.MIN_VALUE).put(name).array());
    }
}
