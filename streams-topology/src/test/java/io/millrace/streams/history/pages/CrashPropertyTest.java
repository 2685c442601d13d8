package io.millrace.streams.history.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.message.Action;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * HIS-1, HIS-4, HIS-5 across crashes: whatever a killed process had written to disk, whatever its changelog had of it, and however far
 * back the log is read again, the pages are whole, say what they would have said, and nothing is kept for ever.
 */
class CrashPropertyTest {

    @Property(tries = 500)
    void whatACrashLeavesHealsByReadingAgain(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        history.run(60);

        var crashed = History.store();
        int onDisk = random.nextInt(history.writes.size() + 1);
        int inChangelog = random.nextInt(history.writes.size() + 1);
        int checkpoint = random.nextInt(Math.min(onDisk, inChangelog) + 1);
        history.apply(0, onDisk, crashed);
        history.apply(checkpoint, inChangelog, crashed);
        int committed = inChangelog == history.writes.size() ? history.log.size() : history.writes.get(inChangelog).offset();
        var survivor = new ViewStore(crashed);
        var keeper = new PageKeeper(survivor);
        for (int offset = Math.max(0, committed - random.nextInt(10)); offset < history.log.size(); offset++) {
            keeper.keep(history.log.get(offset), offset);
        }

        var untouched = new ViewStore(history.store);
        for (var room : History.ROOMS) {
            requireWhole(survivor, room);
            long oldest = reader(untouched).head(room).oldestSeq();
            assertThat(pageFrom(survivor, room, oldest)).isEqualTo(pageFrom(untouched, room, oldest));
            assertThat(Message.from(survivor, room, oldest)).isEqualTo(Message.from(untouched, room, oldest));
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
        var expected = Message.from(new ViewStore(history.store), "a", 1);

        for (int onDisk = 0; onDisk < history.writes.size(); onDisk++) {
            var crashed = History.store();
            history.apply(0, onDisk, crashed);
            var keeper = new PageKeeper(new ViewStore(crashed));
            for (int offset = history.writes.get(onDisk).offset(); offset < history.log.size(); offset++) {
                keeper.keep(history.log.get(offset), offset);
            }
            assertThat(Message.from(new ViewStore(crashed), "a", 1)).isEqualTo(expected);
        }
    }

    @Property(tries = 500)
    void pagesOfAnySizeJoinWithoutGapOrOverlap(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        history.run(60);

        for (var room : History.ROOMS) {
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

        for (var room : History.ROOMS) {
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
        new PageKeeper(store).keep(new LogLine(room, head.epoch(), head.seq() + 1, 3 * History.NOW, Action.CREATE, null, new byte[0]), head.offset() + 1);
        new Pruner(store, 1_000_000).prune(2 * History.NOW);
        List<Long> seqs = new ArrayList<>();
        try (var entries = store.ascending(room, head.epoch(), 0, Long.MAX_VALUE)) {
            while (entries.hasNext()) {
                seqs.add(entries.next().seq());
            }
        }
        return seqs;
    }
}
