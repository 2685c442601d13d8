package io.millrace.streams.history.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** CON-4, HIS-1, HIS-3: a log that was cut, as by an unclean election, and says something else where it grew again. */
class CutLogPropertyTest {
    private static final PageRequest ALL = new PageRequest(0L, null, 1000, 1 << 20);

    @Property(tries = 1000)
    @Label("CON-4: the rooms the log speaks of again are in the view as they are in the log, messages with only those changes that are left")
    void saysWhatTheLogSays(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        int cut = talkAndCut(history, random);
        history.talk(1 + random.nextInt(40));

        requireSame(history, cut, history.store);
    }

    @Property(tries = 1000)
    @Label("CON-4: a process that is killed while it drops what is void drops the rest when it reads again")
    void finishesAfterACrash(@ForAll long seed) {
        var random = new Random(seed);
        var history = new History(random);
        int cut = talkAndCut(history, random);
        int before = history.writes.size();
        history.talk(1 + random.nextInt(40));

        var crashed = History.store();
        history.apply(0, before + 1 + random.nextInt(history.writes.size() - before), crashed); // the mark of the cut comes first
        read(history.log, cut, crashed);

        requireSame(history, cut, crashed);
    }

    /** Answers where it was cut. */
    private static int talkAndCut(History history, Random random) {
        history.talk(40);
        int cut = random.nextInt(history.log.size());
        history.cut(cut);
        return cut;
    }

    private static void requireSame(History history, int cut, KeyValueStore<Bytes, byte[]> store) {
        var fresh = History.store();
        read(history.log, 0, fresh);
        for (String room : history.log.subList(cut, history.log.size()).stream().map(LogLine::room).distinct().toList()) {
            assertThat(page(store, room)).isEqualTo(page(fresh, room));
            assertThat(Message.from(new ViewStore(store), room, 1)).isEqualTo(Message.from(new ViewStore(fresh), room, 1));
        }
    }

    private static void read(List<LogLine> log, int from, KeyValueStore<Bytes, byte[]> store) {
        var keeper = new PageKeeper(new ViewStore(store));
        for (int offset = from; offset < log.size(); offset++) {
            keeper.keep(log.get(offset), offset);
        }
    }

    private static String page(KeyValueStore<Bytes, byte[]> store, String room) {
        var page = new RoomReader(new ViewStore(store)).page(room, ALL);
        return page.headSeq() + " " + page.oldestSeq() + " " + page.items().stream().map(item -> item.seq() + "@" + item.offset() + " " + new String(item.json(), StandardCharsets.UTF_8)).toList();
    }
}
