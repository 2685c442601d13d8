package io.millrace.streams.history.pages;

import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A random log of a few rooms, kept and pruned as it goes, with every write to the store noted. */
final class History {
    static final long NOW = 1_000_000;
    private static final List<Action> CHANGES = List.of(Action.UPDATE, Action.UPDATE, Action.DELETE, Action.REACTION_ADD, Action.REACTION_ADD, Action.REACTION_ADD, Action.REACTION_REMOVE);
    private static final List<String> SENDERS = List.of("ana", "ben", "cid");
    private static final List<String> NAMES = List.of("like", "clap", "heart");
    private static final List<String> KINDS = List.of("unique", "distinct", "multiple");
    static final List<String> ROOMS = List.of("a", "ab", "b");

    final List<LogLine> log = new ArrayList<>();
    final List<Write> writes = new ArrayList<>();
    final KeyValueStore<Bytes, byte[]> store = store();
    private final Map<String, Long> seqs = new HashMap<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Random random;
    private int written;
    private boolean wasCut;

    History(Random random) {
        this.random = random;
    }

    void run(int steps) {
        var noting = new ViewStore(noting());
        var keeper = new PageKeeper(noting);
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(10) == 0) {
                new Pruner(noting, 1 + random.nextInt(5)).prune(random.nextLong(NOW / 2));
            } else {
                log.add(next(ROOMS.get(random.nextInt(ROOMS.size())), NOW * step / steps));
                keeper.keep(log.get(log.size() - 1), log.size() - 1L);
            }
        }
    }

    /** So many records more, of rooms that begin nowhere anew and miss nothing, read by a process that goes on after {@link #cut}. */
    void talk(int records) {
        var keeper = new PageKeeper(new ViewStore(noting()));
        if (wasCut) {
            keeper.cut(log.size());
        }
        for (int n = 0; n < records; n++) {
            String room = any(ROOMS);
            log.add(line(room, seqs.merge(room, 1L, Long::sum), NOW));
            keeper.keep(log.get(log.size() - 1), log.size() - 1L);
        }
    }

    /** The log loses what stands at {@code offset} and beyond; who writes it knows no more of that either. */
    void cut(int offset) {
        log.subList(offset, log.size()).clear();
        seqs.clear();
        log.forEach(line -> seqs.put(line.room(), line.seq()));
        wasCut = true;
    }

    /** One message and that many reactions to it. */
    void reactTo(int reactions) {
        var keeper = new PageKeeper(new ViewStore(noting()));
        for (int i = 0; i <= reactions; i++) {
            var action = i == 0 ? Action.CREATE : random.nextInt(4) > 0 ? Action.REACTION_ADD : Action.REACTION_REMOVE;
            log.add(line("a", i + 1, NOW, action, i == 0 ? null : 1L));
            keeper.keep(log.get(i), i);
        }
    }

    static KeyValueStore<Bytes, byte[]> store() {
        return Stores.inMemoryKeyValueStore("pages").get();
    }

    void apply(int from, int to, KeyValueStore<Bytes, byte[]> target) {
        writes.subList(from, to).forEach(write -> target.put(write.key, write.value));
    }

    private LogLine next(String room, long at) {
        if (random.nextInt(25) == 0) {
            epochs.merge(room, 1, Integer::sum);
            seqs.remove(room);
        }
        long jump = random.nextInt(25) == 0 ? 1 + random.nextInt(5) : 0;
        long seq = seqs.merge(room, 1 + jump, Long::sum);
        return line(room, seq, at + random.nextInt(50_000));
    }

    private LogLine line(String room, long seq, long acceptedAt) {
        var action = random.nextInt(3) > 0 ? Action.CREATE : CHANGES.get(random.nextInt(CHANGES.size()));
        Long target = action == Action.CREATE ? null : Long.valueOf(1 + random.nextInt((int) seq));
        return line(room, seq, acceptedAt, action, target);
    }

    private LogLine line(String room, long seq, long acceptedAt, Action action, Long target) {
        var data = action.isReaction() ? Json.MAPPER.createObjectNode().put("name", any(NAMES)).put("kind", any(KINDS)) : null;
        var entry = new Entry(action, MessageType.TEXT, any(SENDERS), "m" + written, "s1", 1L, target, "text " + written++, data, null, null, null,
                Instant.EPOCH, Instant.ofEpochMilli(acceptedAt));
        return new LogLine(room, "e" + epochs.getOrDefault(room, 0), seq, acceptedAt, action, target, Json.bytes(entry));
    }

    private String any(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    @SuppressWarnings("unchecked")
    private KeyValueStore<Bytes, byte[]> noting() {
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
            if (method.getName().equals("put")) {
                writes.add(new Write((Bytes) arguments[0], (byte[]) arguments[1], Math.max(0, log.size() - 1)));
            }
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    record Write(Bytes key, byte[] value, int offset) {
    }
}
