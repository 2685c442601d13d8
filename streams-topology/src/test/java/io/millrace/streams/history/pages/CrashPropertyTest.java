package io.millrace.streams.history.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * HIS-1, HIS-4, HIS-5 across crashes: whatever a killed process had written to disk, whatever its changelog had of it, and however far
 * back the log is read again, the pages are whole, say what they would have said, and nothing is kept for ever.
 */
class CrashPropertyTest {
    private static final long NOW = 1_000_000;
    private static final List<Action> CHANGES = List.of(Action.UPDATE, Action.UPDATE, Action.DELETE, Action.REACTION_ADD, Action.REACTION_ADD, Action.REACTION_ADD, Action.REACTION_REMOVE);
    private static final List<String> SENDERS = List.of("ana", "ben", "cid");
    private static final List<String> NAMES = List.of("like", "clap", "heart");
    private static final List<String> KINDS = List.of("unique", "distinct", "multiple");
    private static final List<String> ROOMS = List.of("a", "ab", "b");

    @Property(tries = 500)
    void whatACrashLeavesHealsByReadingAgain(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        history.run(60);

        var crashed = store();
        int onDisk = random.nextInt(history.writes.size() + 1);
        int inChangelog = random.nextInt(history.writes.size() + 1);
        int checkpoint = random.nextInt(Math.min(onDisk, inChangelog) + 1);
        history.apply(0, onDisk, crashed);
        history.apply(checkpoint, inChangelog, crashed);
        int committed = inChangelog == history.writes.size() ? history.log.size() : history.writes.get(inChangelog).offset;
        var survivor = new ViewStore(crashed);
        var keeper = new PageKeeper(survivor);
        for (int offset = Math.max(0, committed - random.nextInt(10)); offset < history.log.size(); offset++) {
            keeper.keep(history.log.get(offset), offset);
        }

        var untouched = new ViewStore(history.store);
        for (var room : ROOMS) {
            requireWhole(survivor, room);
            long oldest = reader(untouched).head(room).oldestSeq();
            assertThat(pageFrom(survivor, room, oldest)).isEqualTo(pageFrom(untouched, room, oldest));
            assertThat(messagesFrom(survivor, room, oldest)).isEqualTo(messagesFrom(untouched, room, oldest));
            assertThat(entriesAfterAllButOneAreOld(survivor, room)).containsExactlyElementsOf(entriesAfterAllButOneAreOld(untouched, room));
            assertThat(statesKept(survivor, room)).isEqualTo(statesKept(untouched, room));
            assertThat(reactionsKept(crashed, room)).isEqualTo(reactionsKept(history.store, room));
        }
    }

    @Property(tries = 20)
    @Label("ROOM-3: whichever write a crash comes after, no reaction counts twice and none is missed")
    void noCrashCountsAReactionTwice(@ForAll long seed) {
        var history = new History(new Random(seed));
        history.reactTo(30);
        var expected = messagesFrom(new ViewStore(history.store), "a", 1);

        for (int onDisk = 0; onDisk < history.writes.size(); onDisk++) {
            var crashed = store();
            history.apply(0, onDisk, crashed);
            var keeper = new PageKeeper(new ViewStore(crashed));
            for (int offset = history.writes.get(onDisk).offset; offset < history.log.size(); offset++) {
                keeper.keep(history.log.get(offset), offset);
            }
            assertThat(messagesFrom(new ViewStore(crashed), "a", 1)).isEqualTo(expected);
        }
    }

    @Property(tries = 500)
    void pagesOfAnySizeJoinWithoutGapOrOverlap(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        history.run(60);

        for (var room : ROOMS) {
            var reader = reader(new ViewStore(history.store));
            var head = reader.head(room);
            List<Long> forward = new ArrayList<>();
            List<Long> backward = new ArrayList<>();
            long after = 0;
            long before = head.seq() + 1;
            int limit = 1 + random.nextInt(7);
            for (boolean complete = false; !complete; after = forward.isEmpty() ? after : forward.get(forward.size() - 1)) {
                complete = collect(reader.page(room, new PageRequest(after, null, limit, 1 << 20)), forward);
            }
            for (boolean complete = false; !complete; before = backward.isEmpty() ? before : backward.get(backward.size() - 1)) {
                complete = collect(reader.page(room, new PageRequest(null, before, limit, 1 << 20)), backward);
            }
            var expected = head.epoch() == null ? List.<Long>of() : LongStream.rangeClosed(head.oldestSeq(), head.seq()).boxed().toList();
            assertThat(forward).isEqualTo(expected);
            Collections.reverse(backward);
            assertThat(backward).isEqualTo(expected);
        }
    }

    @Property(tries = 500)
    @Label("HIS-3: messages are the log's changes applied, in pages of any size and either direction; what was trimmed stays gone")
    void messagesAreTheLogWithItsChangesApplied(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        history.run(60);

        for (var room : ROOMS) {
            var store = new ViewStore(history.store);
            var head = reader(store).head(room);
            var expected = Messages.of(reader(store).page(room, new PageRequest(0L, null, 1000, 1 << 20)));
            int limit = 1 + random.nextInt(4);
            List<Message> forward = new ArrayList<>();
            List<Message> backward = new ArrayList<>();
            for (boolean complete = false; !complete;) {
                long after = forward.isEmpty() ? 0 : forward.get(forward.size() - 1).seq();
                complete = collectMessages(reader(store).latest(room, new PageRequest(after, null, limit, 1 << 20)), forward);
            }
            for (boolean complete = false; !complete;) {
                long before = backward.isEmpty() ? head.seq() + 1 : backward.get(backward.size() - 1).seq();
                complete = collectMessages(reader(store).latest(room, new PageRequest(null, Math.max(1, before), limit, 1 << 20)), backward);
            }
            assertThat(forward).isEqualTo(expected);
            Collections.reverse(backward);
            assertThat(backward).isEqualTo(expected);
        }
    }

    private static boolean collectMessages(Page page, List<Message> messages) {
        page.items().forEach(item -> messages.add(Message.of(item)));
        return page.complete();
    }

    private static List<Message> messagesFrom(ViewStore store, String room, long oldest) {
        return reader(store).latest(room, new PageRequest(Math.max(0, oldest - 1), null, 1000, 1 << 20)).items().stream().map(Message::of).toList();
    }

    private static List<Long> statesKept(ViewStore store, String room) {
        var head = store.head(room);
        List<Long> creates = new ArrayList<>();
        if (head != null) {
            try (var states = store.states(room, head.epoch(), 0, Long.MAX_VALUE)) {
                states.forEachRemaining(state -> creates.add(state.createSeq()));
            }
        }
        return creates;
    }

    private static long reactionsKept(KeyValueStore<Bytes, byte[]> store, String room) {
        var head = new ViewStore(store).head(room);
        var beginning = "r" + room + '\0' + (head == null ? "" : head.epoch());
        long kept = 0;
        try (var all = store.all()) {
            while (all.hasNext()) {
                kept += new String(all.next().key.get(), StandardCharsets.ISO_8859_1).startsWith(beginning) ? 1 : 0;
            }
        }
        return kept;
    }

    /** What a head promises is there, before anything is pruned again. */
    private static void requireWhole(ViewStore store, String room) {
        var page = reader(store).page(room, new PageRequest(0L, null, 1000, 1 << 20));
        assertThat(page.items().stream().map(Page.Item::seq).toList())
                .isEqualTo(page.epoch() == null ? List.of() : LongStream.rangeClosed(page.oldestSeq(), page.headSeq()).boxed().toList());
    }

    private static boolean collect(Page page, List<Long> seqs) {
        page.items().forEach(item -> seqs.add(item.seq()));
        return page.complete();
    }

    private static String pageFrom(ViewStore store, String room, long oldest) {
        return reader(store).page(room, new PageRequest(Math.max(0, oldest - 1), null, 1000, 1 << 20)).items().stream()
                .map(item -> item.seq() + "@" + item.offset() + " " + new String(item.json(), StandardCharsets.UTF_8)).toList().toString();
    }

    private static RoomReader reader(ViewStore store) {
        return new RoomReader(store);
    }

    /** All seqs stored of the room's epoch, whether a page would show them or not. */
    private static List<Long> entriesAfterAllButOneAreOld(ViewStore store, String room) {
        var head = store.head(room);
        if (head == null) {
            return List.of();
        }
        new PageKeeper(store).keep(new LogLine(room, head.epoch(), head.seq() + 1, 3 * NOW, Action.CREATE, null, new byte[0]), head.offset() + 1);
        new Pruner(store, 1_000_000).prune(2 * NOW);
        List<Long> seqs = new ArrayList<>();
        try (var entries = store.ascending(room, head.epoch(), 0, Long.MAX_VALUE)) {
            while (entries.hasNext()) {
                seqs.add(entries.next().seq());
            }
        }
        return seqs;
    }

    private static KeyValueStore<Bytes, byte[]> store() {
        return Stores.inMemoryKeyValueStore("pages").get();
    }

    /**
     * A message as a reader sees it: its text (none once deleted), the last seq applied to it, the seq of the change that shows, and how many
     * reactions it has, by name and by "name sender"; a page names the senders only.
     */
    private record Message(long seq, String text, long version, Long changedAt, boolean deleted, Map<String, Long> reactions) {
        static Message of(Page.Item item) {
            var changed = item.latest().changed();
            return new Message(item.seq(), entry(item).text(), item.latest().version(), changed == null ? null : changed.seq(), item.latest().deleted() != null,
                    told(item.latest().reactions()));
        }

        private static Map<String, Long> told(Map<String, LogAnswer.ReactionCount> reactions) {
            Map<String, Long> told = new TreeMap<>();
            (reactions == null ? Map.<String, LogAnswer.ReactionCount>of() : reactions).forEach((name, count) -> {
                told.put(name, count.total());
                count.senders().forEach(sender -> told.put(name + " " + sender, 1L));
            });
            return told;
        }

        Message after(long at, Entry change) {
            boolean shows = !deleted && !change.action().isReaction();
            boolean gone = deleted || change.action() == Action.DELETE;
            return new Message(seq, gone ? null : shows ? change.text() : text, at, shows ? Long.valueOf(at) : changedAt, gone, gone ? Map.of() : reactions);
        }

        private static Entry entry(Page.Item item) {
            try {
                return Json.MAPPER.readValue(item.json(), Entry.class);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The plain meaning of HIS-3: read the log from its oldest entry and apply each change to what it names. */
    private static final class Messages {
        static List<Message> of(Page log) {
            var messages = new TreeMap<Long, Message>();
            var reactions = new HashMap<Long, Map<String, Map<String, Long>>>();
            for (var item : log.items()) {
                var entry = Message.entry(item);
                if (entry.action() == Action.CREATE) {
                    messages.put(item.seq(), new Message(item.seq(), entry.text(), item.seq(), null, false, Map.of()));
                } else {
                    messages.computeIfPresent(entry.target(), (seq, message) -> message.after(item.seq(), entry));
                    if (entry.action().isReaction() && messages.containsKey(entry.target())) {
                        react(reactions.computeIfAbsent(entry.target(), any -> new HashMap<>()), entry);
                    }
                }
            }
            reactions.forEach((seq, given) -> messages.computeIfPresent(seq, (any, message) -> message.deleted() ? message
                    : new Message(seq, message.text(), message.version(), message.changedAt(), false, told(given))));
            return List.copyOf(messages.values());
        }

        /** MSG-4, sender by sender: {@code given} is name to sender to how often. */
        private static void react(Map<String, Map<String, Long>> given, Entry entry) {
            String name = entry.data().get("name").asText();
            String kind = entry.data().get("kind").asText();
            if (entry.action() == Action.REACTION_REMOVE || kind.equals("unique")) {
                given.forEach((each, by) -> {
                    if (each.equals(name) || entry.action() == Action.REACTION_ADD) {
                        by.remove(entry.sender());
                    }
                });
            }
            if (entry.action() == Action.REACTION_ADD) {
                given.computeIfAbsent(name, any -> new HashMap<>()).merge(entry.sender(), 1L, (one, more) -> kind.equals("multiple") ? one + more : 1L);
            }
        }

        private static Map<String, Long> told(Map<String, Map<String, Long>> given) {
            Map<String, Long> told = new TreeMap<>();
            given.forEach((name, by) -> by.forEach((sender, times) -> {
                told.merge(name, times, Long::sum);
                told.put(name + " " + sender, 1L);
            }));
            return told;
        }
    }

    /** A random log of a few rooms, kept and pruned as it goes, with every write to the store noted. */
    private static final class History {
        private final List<LogLine> log = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();
        private final KeyValueStore<Bytes, byte[]> store = store();
        private final Map<String, Long> seqs = new HashMap<>();
        private final Map<String, Integer> epochs = new HashMap<>();
        private final Random random;

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

        /** One message and that many reactions to it. */
        void reactTo(int reactions) {
            var keeper = new PageKeeper(new ViewStore(noting()));
            for (int i = 0; i <= reactions; i++) {
                var action = i == 0 ? Action.CREATE : random.nextInt(4) > 0 ? Action.REACTION_ADD : Action.REACTION_REMOVE;
                log.add(line("a", i + 1, NOW, action, i == 0 ? null : 1L));
                keeper.keep(log.get(i), i);
            }
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
            long acceptedAt = at + random.nextInt(50_000);
            var action = random.nextInt(3) > 0 ? Action.CREATE : CHANGES.get(random.nextInt(CHANGES.size()));
            Long target = action == Action.CREATE ? null : Long.valueOf(1 + random.nextInt((int) seq));
            return line(room, seq, acceptedAt, action, target);
        }

        private LogLine line(String room, long seq, long acceptedAt, Action action, Long target) {
            var data = action.isReaction() ? Json.MAPPER.createObjectNode().put("name", any(NAMES)).put("kind", any(KINDS)) : null;
            var entry = new Entry(action, MessageType.TEXT, any(SENDERS), "m" + log.size(), "s1", 1L, target, "text " + log.size(), data, null, null, null,
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

        private record Write(Bytes key, byte[] value, int offset) {
        }
    }
}
