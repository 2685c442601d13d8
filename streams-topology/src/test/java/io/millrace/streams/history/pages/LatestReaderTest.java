package io.millrace.streams.history.pages;

import static io.millrace.contract.message.Action.CREATE;
import static io.millrace.contract.message.Action.DELETE;
import static io.millrace.contract.message.Action.REACTION_ADD;
import static io.millrace.contract.message.Action.REACTION_REMOVE;
import static io.millrace.contract.message.Action.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.history.LogAnswer.Changed;
import io.millrace.contract.history.LogAnswer.Item;
import io.millrace.contract.history.LogAnswer.ReactionCount;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** HIS-3: a room's messages under their create seq, as their changes left them. */
class LatestReaderTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final ViewStore store = new ViewStore(Stores.inMemoryKeyValueStore("pages").get());
    private final PageKeeper keeper = new PageKeeper(store);
    private long seq;

    @Test
    void showsAnEditUnderTheSeqOfItsMessage() {
        write("ana", CREATE, null, "first");
        write("ben", CREATE, null, "second");
        write("mod", UPDATE, 1L, "first, edited");

        var items = latest(0L, null, 10).items();

        assertThat(items).extracting(Item::seq).containsExactly(1L, 2L);
        assertThat(items.get(0).entry()).satisfies(entry -> {
            assertThat(entry.action()).isEqualTo(CREATE);
            assertThat(entry.sender()).isEqualTo("ana");
            assertThat(entry.id()).isEqualTo("m1");
            assertThat(entry.text()).isEqualTo("first, edited");
            assertThat(entry.at()).isEqualTo(NOON.plusSeconds(1));
        });
        assertThat(items.get(0).latest()).isEqualTo(new LogAnswer.Latest(3, null, new Changed(3, "mod", NOON.plusSeconds(3))));
        assertThat(items.get(1).latest()).isEqualTo(new LogAnswer.Latest(2, null, null));
    }

    @Test
    @DisplayName("LOG-2: an edit is the whole new version: what it does not say is gone")
    void replacesTheWholeContent() {
        keep(new Entry(CREATE, MessageType.CUSTOM, "ana", "m1", "s", 1L, null, "text", data(1), null, data(2), "m0", NOON, NOON));
        keep(new Entry(UPDATE, MessageType.CUSTOM, "ana", "m2", "s", 2L, 1L, null, data(3), null, null, null, NOON, NOON));

        var entry = latest(0L, null, 10).items().get(0).entry();

        assertThat(entry.data()).isEqualTo(data(3));
        assertThat(entry.text()).isNull();
        assertThat(entry.metadata()).isNull();
        assertThat(entry.replyTo()).isEqualTo("m0");
    }

    @Test
    void showsADeletedMessageWithoutContent() {
        keep(new Entry(CREATE, MessageType.CUSTOM, "ana", "m1", "s", 1L, null, "secret", data(1), null, data(2), null, NOON, NOON));
        write("ana", DELETE, 1L, null);

        var page = reader().latest("lobby", request(0L, null, 10));

        assertThat(read(page).items().get(0).latest()).isEqualTo(new LogAnswer.Latest(2, true, new Changed(2, "ana", NOON.plusSeconds(2))));
        assertThat(read(page).items().get(0).entry()).isEqualTo(new Entry(CREATE, MessageType.CUSTOM, "ana", "m1", "s", 1L, null, null, null, null, null, null, NOON, NOON));
        assertThat(new String(page.json(), java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("secret");
    }

    @Test
    void neverShowsADeletedMessageAgain() {
        write("ana", CREATE, null, "first");
        write("ana", DELETE, 1L, null);
        write("ana", UPDATE, 1L, "back again");

        var item = latest(0L, null, 10).items().get(0);

        assertThat(item.entry().text()).isNull();
        assertThat(item.latest()).isEqualTo(new LogAnswer.Latest(3, true, new Changed(2, "ana", NOON.plusSeconds(2))));
    }

    @Test
    void countsAReactionAmongWhatWasApplied() {
        write("ana", CREATE, null, "first");
        write("ben", REACTION_ADD, 1L, null);

        var item = latest(0L, null, 10).items().get(0);

        assertThat(item.entry().text()).isEqualTo("first");
        assertThat(item.latest()).isEqualTo(new LogAnswer.Latest(2, null, null));
    }

    @Test
    @DisplayName("ROOM-3, MSG-4: reactions are summed up: unique replaces a sender's, distinct counts once, multiple each time; who, and how often")
    void sumsUpReactions() {
        write("ana", CREATE, null, "first");
        react("ben", REACTION_ADD, "like", "distinct");
        react("ben", REACTION_ADD, "like", "distinct");
        react("cid", REACTION_ADD, "like", null);
        react("cid", REACTION_ADD, "clap", "multiple");
        react("cid", REACTION_ADD, "clap", "multiple");
        assertThat(reactions()).containsExactlyInAnyOrderEntriesOf(Map.of("like", new ReactionCount(2, List.of("ben", "cid")), "clap", new ReactionCount(2, List.of("cid"))));

        react("cid", REACTION_ADD, "heart", "unique");
        assertThat(reactions()).containsExactlyInAnyOrderEntriesOf(Map.of("like", new ReactionCount(1, List.of("ben")), "heart", new ReactionCount(1, List.of("cid"))));

        react("ben", REACTION_REMOVE, "like", null);
        react("ben", REACTION_REMOVE, "never given", null);
        write("ana", UPDATE, 1L, "edited");
        assertThat(reactions()).isEqualTo(Map.of("heart", new ReactionCount(1, List.of("cid"))));
        assertThat(latest(0L, null, 10).items().get(0).latest().version()).isEqualTo(seq);

        write("ana", DELETE, 1L, null);
        react("ben", REACTION_ADD, "like", "distinct");
        assertThat(reactions()).isNull();
    }

    @Test
    void boundsWhatIsSummedUpAndCountsOn() {
        write("ana", CREATE, null, "first");
        for (int i = 0; i < Reactions.MOST_SENDERS + 5; i++) {
            react("sender" + i, REACTION_ADD, "like", "distinct");
        }
        for (int i = 0; i < Reactions.MOST_NAMES + 5; i++) {
            react("ben", REACTION_ADD, "name" + i, "distinct");
        }

        assertThat(reactions()).hasSize(Reactions.MOST_NAMES);
        assertThat(reactions().get("like").total()).isEqualTo(Reactions.MOST_SENDERS + 5);
        assertThat(reactions().get("like").senders()).hasSize(Reactions.MOST_SENDERS);
    }

    @Test
    void dropsReactionsWithTheirMessage() {
        write("ana", CREATE, null, "first");
        react("ben", REACTION_ADD, "like", "distinct");
        write("ana", CREATE, null, "last");
        new Pruner(store, 100).prune(NOON.plusSeconds(3).toEpochMilli());

        try (var left = store.given("lobby", "e1", 1, "ben")) {
            assertThat(left).isExhausted();
        }
    }

    private void react(String sender, Action action, String name, String kind) {
        var data = JsonNodeFactory.instance.objectNode().put("name", name);
        keep(new Entry(action, MessageType.TEXT, sender, "m" + (seq + 1), "s", seq + 1, 1L, null, kind == null ? data : data.put("kind", kind), null, null, null,
                NOON, NOON.plusSeconds(seq + 1)));
    }

    private Map<String, ReactionCount> reactions() {
        return latest(0L, null, 10).items().get(0).latest().reactions();
    }

    @Test
    @DisplayName("HIS-5: an edit whose message was trimmed does not bring it back")
    void doesNotBringBackWhatWasTrimmed() {
        write("ana", CREATE, null, "first");
        write("ana", CREATE, null, "second");
        new Pruner(store, 100).prune(NOON.plusSeconds(2).toEpochMilli());
        write("ana", UPDATE, 1L, "first, edited");

        var page = latest(0L, null, 10);

        assertThat(page.items()).extracting(Item::seq).containsExactly(2L);
        assertThat(page.oldestSeq()).isEqualTo(2);
        assertThat(page.headSeq()).isEqualTo(3);
    }

    @Test
    @DisplayName("HIS-4: a message changed ten thousand times is one item and one state")
    void keepsOneStateOfAMessageHoweverOftenItChanges() {
        write("ana", CREATE, null, "first");
        for (int i = 0; i < 10_000; i++) {
            write("ana", UPDATE, 1L, "edit " + i);
        }
        write("ana", CREATE, null, "last");

        assertThat(latest(null, null, 2).items()).extracting(item -> item.entry().text()).containsExactly("last", "edit 9999");
        try (var states = store.states("lobby", "e1", 0, Long.MAX_VALUE)) {
            assertThat(states).toIterable().hasSize(2);
        }
    }

    @Test
    void pagesInBothDirectionsAndSaysWhenThereIsNoMore() {
        for (int i = 0; i < 5; i++) {
            write("ana", CREATE, null, "message");
            write("ana", UPDATE, seq, "edited");
        }

        assertThat(latest(0L, null, 2)).satisfies(page -> assertThat(page.items()).extracting(Item::seq).containsExactly(1L, 3L))
                .satisfies(page -> assertThat(page.complete()).isFalse());
        assertThat(latest(5L, null, 2)).satisfies(page -> assertThat(page.items()).extracting(Item::seq).containsExactly(7L, 9L))
                .satisfies(page -> assertThat(page.complete()).isTrue());
        assertThat(latest(null, 11L, 2)).satisfies(page -> assertThat(page.items()).extracting(Item::seq).containsExactly(9L, 7L))
                .satisfies(page -> assertThat(page.complete()).isFalse());
        assertThat(latest(null, 4L, 2)).satisfies(page -> assertThat(page.items()).extracting(Item::seq).containsExactly(3L, 1L))
                .satisfies(page -> assertThat(page.complete()).isTrue());
    }

    @Test
    void endsAPageEarlyWhenItsMessagesAreTooLargeTogether() {
        write("ana", CREATE, null, "first");
        write("ana", CREATE, null, "second");

        var page = read(reader().latest("lobby", new PageRequest(0L, null, 10, 1)));

        assertThat(page.items()).extracting(Item::seq).containsExactly(1L);
        assertThat(page.complete()).isFalse();
    }

    private void write(String sender, Action action, Long target, String text) {
        keep(new Entry(action, MessageType.TEXT, sender, "m" + (seq + 1), "s", seq + 1, target, text, null, null, null, null, NOON, NOON.plusSeconds(seq + 1)));
    }

    private void keep(Entry entry) {
        seq++;
        keeper.keep(new LogLine("lobby", "e1", seq, entry.at().toEpochMilli(), entry.action(), entry.target(), Json.bytes(entry)), seq);
    }

    private static JsonNode data(int value) {
        return JsonNodeFactory.instance.objectNode().put("value", value);
    }

    private LogAnswer latest(Long after, Long before, int limit) {
        return read(reader().latest("lobby", request(after, before, limit)));
    }

    private RoomReader reader() {
        return new RoomReader(store);
    }

    private static PageRequest request(Long after, Long before, int limit) {
        return new PageRequest(after, before, limit, 1 << 20);
    }

    private static LogAnswer read(Page page) {
        try {
            return Json.MAPPER.readValue(page.json(), LogAnswer.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
