package io.millrace.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.pages.PageRequest;
import io.millrace.streams.history.pages.RoomReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HIS-1, HIS-2, HIS-4, HIS-5 on the view itself, one partition, no broker. */
class HistoryViewTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Topics TOPICS = Topics.of("chat.", 1, RETENTION);
    private static final Topic<LogRecord> ROOM_LOG = TOPICS.roomLog();

    private final ViewPartitions<ViewPartition> partitions = new ViewPartitions<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TestHistorySettings settings = new TestHistorySettings();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> log;

    @TempDir
    Path state;

    @BeforeEach
    void start() {
        var view = new HistoryView(TOPICS, RETENTION, settings, partitions, new HistoryMeters(registry));
        var properties = new Properties();
        properties.putAll(view.properties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "history-view");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(view.build(), properties, NOON);
        log = driver.createInputTopic(ROOM_LOG.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    @DisplayName("HIS-1: a room nobody wrote to has an empty head and an empty page")
    void answersAnUnknownRoomAsEmpty() {
        assertThat(head("lobby")).isEqualTo(new HeadAnswer("lobby", null, 0, -1, 0, null));
        assertThat(page("lobby", null, null, 10)).isEqualTo(new LogAnswer("lobby", null, 0, 0, null, List.of(), true));
    }

    @Test
    @DisplayName("HIS-1: after is oldest first, before is newest first, neither is the newest page; all exclusive")
    void pagesInBothDirections() {
        write("lobby", "e1", 1, 10, NOON);

        assertThat(seqs(page("lobby", 3L, null, 4))).containsExactly(4L, 5L, 6L, 7L);
        assertThat(seqs(page("lobby", null, 8L, 3))).containsExactly(7L, 6L, 5L);
        assertThat(seqs(page("lobby", null, null, 3))).containsExactly(10L, 9L, 8L);
        assertThat(seqs(page("lobby", 0L, null, 1000))).containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
    }

    @Test
    @DisplayName("HIS-1: complete says that nothing more is kept in the direction asked for")
    void saysWhenADirectionIsComplete() {
        write("lobby", "e1", 1, 10, NOON);

        assertThat(page("lobby", 6L, null, 3).complete()).isFalse();
        assertThat(page("lobby", 6L, null, 4).complete()).isTrue();
        assertThat(page("lobby", 10L, null, 4)).satisfies(page -> assertThat(page.items()).isEmpty()).satisfies(page -> assertThat(page.complete()).isTrue());
        assertThat(page("lobby", null, 5L, 3).complete()).isFalse();
        assertThat(page("lobby", null, 5L, 4).complete()).isTrue();
        assertThat(page("lobby", null, 1L, 4).complete()).isTrue();
        assertThat(page("lobby", null, null, 10).complete()).isTrue();
    }

    @Test
    @DisplayName("HIS-2: before head + 1 starts with the head itself")
    void meetsTheHeadWithoutGapOrOverlap() {
        write("lobby", "e1", 1, 7, NOON);

        var head = head("lobby");
        assertThat(seqs(page("lobby", null, head.seq() + 1, 2))).containsExactly(head.seq(), head.seq() - 1);
        assertThat(seqs(page("lobby", null, head.seq() + 100, 2))).containsExactly(head.seq(), head.seq() - 1);
    }

    @Test
    void keepsRoomsApartWhoseNamesBeginAlike() {
        write("a", "e1", 1, 3, NOON);
        write("a.b", "e1", 1, 5, NOON);
        write("aa", "e1", 1, 4, NOON);

        assertThat(seqs(page("a", 0L, null, 100))).containsExactly(1L, 2L, 3L);
        assertThat(seqs(page("a", null, null, 100))).containsExactly(3L, 2L, 1L);
        assertThat(head("aa").seq()).isEqualTo(4);
    }

    @Test
    void servesTheEntryByteForByteAsItCame() throws IOException {
        var value = "{\"seq\":1,\"room\":\"lobby\", \"entry\" : {\"at\":\"2026-11-22T12:00:00Z\", \"id\":\"ünï😀\",\"novelty\":[{\"x\":1.50}]} ,\"epoch\":\"e1\",\"later\":{}}";
        log.pipeInput(null, value.getBytes(StandardCharsets.UTF_8));

        var json = new String(json("lobby", 0L, null, 1), StandardCharsets.UTF_8);
        assertThat(json).contains("\"entry\":{\"at\":\"2026-11-22T12:00:00Z\", \"id\":\"ünï😀\",\"novelty\":[{\"x\":1.50}]}}");
        assertThat(Json.MAPPER.readTree(json).at("/items/0/entry/novelty/0/x").asDouble()).isEqualTo(1.5);
    }

    @Test
    @DisplayName("HIS-4: a page ends early when its entries are too large together, but holds at least one")
    void boundsThePageInBytes() {
        write("lobby", "e1", 1, 10, NOON);

        var page = read("lobby", new PageRequest(0L, null, 1000, 1));
        assertThat(seqs(page)).containsExactly(1L);
        assertThat(page.complete()).isFalse();
    }

    @Test
    @DisplayName("HIS-4, HIS-5: what is older than retention goes; oldestSeq and oldestAt say what is left")
    void prunesWhatIsOlderThanRetention() {
        write("lobby", "e1", 1, 5, NOON);
        write("lobby", "e1", 6, 9, NOON.plus(Duration.ofDays(1)));

        driver.advanceWallClockTime(RETENTION.plusSeconds(1));

        assertThat(head("lobby")).isEqualTo(new HeadAnswer("lobby", "e1", 9, 8, 6, NOON.plus(Duration.ofDays(1))));
        var page = page("lobby", 0L, null, 100);
        assertThat(seqs(page)).containsExactly(6L, 7L, 8L, 9L);
        assertThat(page.oldestSeq()).isEqualTo(6);
        assertThat(page("lobby", null, 7L, 100).complete()).isTrue();
        assertThat(entriesInStore()).isEqualTo(4);
        assertThat(registry.counter("millrace.history.pruned").count()).isEqualTo(5);
    }

    @Test
    @DisplayName("HIS-5: a room of which nothing is left keeps its head, and goes on from there")
    void keepsTheHeadOfARoomThatIsPrunedWhole() {
        write("lobby", "e1", 1, 5, NOON);
        driver.advanceWallClockTime(RETENTION.plusSeconds(1));

        assertThat(head("lobby")).isEqualTo(new HeadAnswer("lobby", "e1", 5, 4, 6, null));
        assertThat(page("lobby", null, null, 10)).isEqualTo(new LogAnswer("lobby", "e1", 5, 6, null, List.of(), true));
        assertThat(entriesInStore()).isZero();

        var later = NOON.plus(RETENTION).plusSeconds(2);
        write("lobby", "e1", 6, 6, later);
        assertThat(head("lobby")).isEqualTo(new HeadAnswer("lobby", "e1", 6, 5, 6, later));
        driver.advanceWallClockTime(RETENTION.plusSeconds(10));
        assertThat(entriesInStore()).isZero();
    }

    @Test
    @DisplayName("HIS-4: a tick drops no more than its batch; the rest follows in the next ones")
    void prunesInBatches() {
        stop();
        settings = settings.withPruneBatch(3);
        start();
        write("lobby", "e1", 1, 5, NOON);
        write("other", "e1", 1, 5, NOON);

        driver.advanceWallClockTime(RETENTION.plusSeconds(1));
        assertThat(entriesInStore()).isEqualTo(7);
        assertThat(seqs(page("lobby", 0L, null, 10))).containsExactly(4L, 5L);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(entriesInStore()).isZero();
        assertThat(dueInStore()).isZero();
    }

    @Test
    @DisplayName("HIS-4: a tick with nothing to prune touches no entry")
    void leavesAloneWhatIsYoungEnough() {
        write("lobby", "e1", 1, 5, NOON);
        driver.advanceWallClockTime(RETENTION.minusSeconds(5));
        assertThat(entriesInStore()).isEqualTo(5);
        assertThat(head("lobby").oldestSeq()).isEqualTo(1);
    }

    @Test
    void beginsAnewWithANewEpochAndDropsTheFormerOne() {
        write("lobby", "e1", 1, 5, NOON);
        write("lobby", "e2", 1, 2, NOON.plusSeconds(60));

        assertThat(head("lobby")).isEqualTo(new HeadAnswer("lobby", "e2", 2, 6, 1, NOON.plusSeconds(60)));
        assertThat(seqs(page("lobby", 0L, null, 10))).containsExactly(1L, 2L);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(entriesInStore()).isEqualTo(2);
    }

    @Test
    void neverTakesARecordOfAFormerEpochForNews() {
        write("lobby", "e1", 1, 5, NOON);
        write("lobby", "e2", 1, 2, NOON);
        write("lobby", "e1", 5, 5, NOON);

        assertThat(head("lobby").epoch()).isEqualTo("e2");
        assertThat(head("lobby").seq()).isEqualTo(2);
    }

    @Test
    @DisplayName("HIS-5: after a jump in the log only the unbroken run up to the head is offered")
    void offersOnlyTheRunAfterAJump() {
        write("lobby", "e1", 1, 5, NOON);
        write("lobby", "e1", 9, 10, NOON.plusSeconds(60));

        var page = page("lobby", 2L, null, 10);
        assertThat(seqs(page)).containsExactly(9L, 10L);
        assertThat(page.oldestSeq()).isEqualTo(9);
        assertThat(page.oldestAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(page("lobby", null, null, 10).complete()).isTrue();
        driver.advanceWallClockTime(RETENTION.plusSeconds(30));
        assertThat(entriesInStore()).isEqualTo(2);
    }

    @Test
    void keepsTheFirstOfTwoEntriesWithOneSeq() {
        write("lobby", "e1", 1, 3, NOON);
        var other = new LogRecord("lobby", "e1", 2, Lines.entry("other", NOON));
        log.pipeInput(null, Json.bytes(other));

        assertThat(page("lobby", 1L, null, 1).items().get(0).entry().id()).isEqualTo("lobby-e1-2");
        assertThat(registry.counter("millrace.history.contradictions").count()).isEqualTo(1);
    }

    @Test
    void skipsAndCountsWhatCannotBeRead() {
        for (var bad : List.of("", "x", "[]", "{}", "{\"room\":\"lobby\",\"epoch\":\"e1\",\"seq\":1}", "{\"room\":\"lobby\",\"epoch\":\"e1\",\"seq\":1,\"entry\":{\"id\":7}}",
                "{\"room\":\"lobby\",\"epoch\":\"e1\",\"seq\":0,\"entry\":{\"at\":\"2026-11-22T12:00:00Z\"}}",
                "{\"room\":\"lobby\",\"epoch\":\"e1\",\"seq\":1,\"entry\":{\"id\":\"m\"}}",
                "{\"room\":\"lobby\",\"epoch\":\"e1\",\"seq\":1,\"entry\":{\"at\":\"+1000000000-12-31T23:59:59Z\"}}",
                "{\"room\":\"lo\\u0000by\",\"epoch\":\"e1\",\"seq\":1,\"entry\":{\"at\":\"2026-11-22T12:00:00Z\"}}")) {
            log.pipeInput(null, bad.getBytes(StandardCharsets.UTF_8));
        }
        log.pipeInput(null, (byte[]) null);
        write("lobby", "e1", 1, 1, NOON);

        assertThat(head("lobby").seq()).isEqualTo(1);
        assertThat(registry.counter("millrace.history.unreadable").count()).isEqualTo(11);
    }

    @Test
    void wakesThoseWhoWaitForASeqOfTheirRoom() {
        var view = partitions.find(0).orElseThrow();
        var reached = view.reaching("lobby", 3);

        write("lobby", "e1", 1, 2, NOON);
        write("other", "e1", 1, 5, NOON);
        assertThat(reached).isNotDone();
        write("lobby", "e1", 3, 3, NOON);
        assertThat(reached).isCompleted();
        assertThat(view.reaching("lobby", 3)).isCompleted();
        assertThat(view.waiting()).isZero();
    }

    @Test
    void endsAllWaitsWhenThePartitionLeaves() {
        var waiting = partitions.find(0).orElseThrow().covering(1000);

        stop();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(partitions.find(0)).isEmpty();
        start();
    }

    private void write(String room, String epoch, long from, long to, Instant at) {
        LongStream.rangeClosed(from, to).forEach(seq -> log.pipeInput(room.getBytes(StandardCharsets.UTF_8), Lines.value(room, epoch, seq, at)));
    }

    private HeadAnswer head(String room) {
        return reader().head(room);
    }

    private LogAnswer page(String room, Long after, Long before, int limit) {
        return read(room, new PageRequest(after, before, limit, 4 << 20));
    }

    private LogAnswer read(String room, PageRequest request) {
        try {
            return Json.MAPPER.readValue(reader().page(room, request).json(), LogAnswer.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] json(String room, Long after, Long before, int limit) {
        return reader().page(room, new PageRequest(after, before, limit, 4 << 20)).json();
    }

    private RoomReader reader() {
        return partitions.find(0).orElseThrow().reader();
    }

    private static List<Long> seqs(LogAnswer page) {
        return page.items().stream().map(LogAnswer.Item::seq).toList();
    }

    private long entriesInStore() {
        return keysInStore('e');
    }

    private long dueInStore() {
        return keysInStore('d');
    }

    private long keysInStore(char kind) {
        long count = 0;
        try (var all = driver.<org.apache.kafka.common.utils.Bytes, byte[]>getKeyValueStore(HistoryView.STORE).all()) {
            while (all.hasNext()) {
                count += all.next().key.get()[0] == kind ? 1 : 0;
            }
        }
        return count;
    }
}
