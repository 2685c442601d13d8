package io.millrace.bench;

import io.millrace.contract.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the read path does, measured by hand beside something bare that moves the same bytes: packaged delivery and streams services as
 * processes, broker and clients in this JVM. Nothing is asserted and no build runs it; docs/performance.md says how, and has the figures.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadPathBench {
    private static final int RUNS = Integer.getInteger("bench.runs", 3);
    private static final long ENTRIES = Long.getLong("bench.entries", 1_000_000);
    private static final long MANY = Long.getLong("bench.missed", 1_000_000);
    private static final int IDLE = Integer.getInteger("bench.idle", 5_000);
    private static final int SUBSCRIBERS = Integer.getInteger("bench.subscribers", 1_000);
    private static final long FRAMES = Long.getLong("bench.frames", 1_000_000);
    private static final int ROOMS = 200;
    private static final int ROOMS_EACH = 10;
    private static final int IDLE_ROOMS = 100;
    private static final int PAGES = 200;
    private static final int PAGE = 50;
    private static final int SPARSE = 1_000;
    private static final int DEEP_PARTITION = 2;
    private static final int FETCH = 1 << 20;
    private static final int FETCH_PAGE = 1 << 15;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration HOLD = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final String DEEP = ReadWorld.room("deep", DEEP_PARTITION);
    private static final String THIN = ReadWorld.room("thin", DEEP_PARTITION);
    private static final Figures FIGURES = new Figures();

    @TempDir
    static Path directory;

    private static ReadWorld world;

    @BeforeAll
    static void start() {
        world = new ReadWorld(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        var table = FIGURES.table();
        Files.writeString(Path.of("target", "read-bench.md"), table);
        System.out.println(table);
        world.close();
    }

    @Test
    @Order(1)
    void catchesUp() {
        long start = System.nanoTime();
        for (long n = 0; n < ENTRIES; n++) {
            world.fill.write(DEEP);
            if (n % Math.max(1, ENTRIES / SPARSE) == 0) {
                world.fill.write(THIN);
            }
        }
        world.fill.flush();
        world.awaitView(DEEP);
        FIGURES.add("history view takes in, entries/s", ENTRIES * 1e9 / (System.nanoTime() - start));
        catchUp("1,000", ReadWorld.room("thousand", 0), 0, 1_000, RUNS, true);
        catchUp("10,000", ReadWorld.room("tens", 1), 1, 10_000, RUNS, true);
        catchUp(String.format("%,d", Math.min(MANY, ENTRIES)), DEEP, DEEP_PARTITION, Math.min(MANY, ENTRIES), 1, false);
    }

    @Test
    @Order(3)
    void holdsLittleForWhoDoesNotRead() {
        long missed = Math.min(MANY, ENTRIES);
        String cursor = world.cursorOfFirst(DEEP);
        try (var readers = world.readers()) {
            var reader = world.connect(readers, 1).get(0);
            Readers.await(reader.ask(frame("ping", Map.of())));
            long before = world.delivery().residentBytes();
            Readers.await(reader.ask(frame("subscribe", Map.of("room", DEEP, "cursor", cursor))));
            reader.pause();
            long held = 0;
            for (long end = System.nanoTime() + HOLD.toNanos(); System.nanoTime() < end; LockSupport.parkNanos(LOOK.toNanos())) {
                held = Math.max(held, world.waitingBytes());
            }
            FIGURES.add("bytes waiting for a client " + String.format("%,d", missed) + " entries behind that does not read, at most", held);
            FIGURES.add("resident bytes that came with it", world.delivery().residentBytes() - before);
        }
    }

    private static void catchUp(String name, String room, int partition, long count, int runs, boolean warmUp) {
        world.fill.write(room, Math.max(0, count - world.fill.head(room))).flush();
        world.awaitView(room);
        String cursor = world.cursorOfFirst(room);
        try (var readers = world.readers(); var consumer = new PlainConsumer(world.kafka.bootstrap(), new TopicPartition(ReadWorld.TOPICS.roomLog().name(), partition), FETCH)) {
            var reader = world.connect(readers, 1).get(0);
            Readers.await(reader.ask(frame("ping", Map.of()))); // greeted
            for (int run = warmUp ? -1 : 0; run < runs; run++) {
                long took = catchUp(reader, room, cursor, count - 1);
                long plain = consumer.read(1, count - 1);
                if (run >= 0) {
                    FIGURES.add("catching up " + name + " missed entries, ms", took / NANOS_PER_MILLI, "plain consumer", plain / NANOS_PER_MILLI);
                }
            }
        }
    }

    private static long catchUp(Reader reader, String room, String cursor, long missed) {
        CompletableFuture<Void> all = reader.more(missed);
        long start = System.nanoTime();
        reader.ask(frame("subscribe", Map.of("room", room, "cursor", cursor)));
        Readers.await(all);
        long took = System.nanoTime() - start;
        Readers.await(reader.ask(frame("unsubscribe", Map.of("room", room))));
        return took;
    }

    @Test
    @Order(2)
    void answersPagesAtDepth() {
        long third = ENTRIES / 3;
        try (var readers = world.readers(); var consumer = new PlainConsumer(world.kafka.bootstrap(), new TopicPartition(ReadWorld.TOPICS.roomLog().name(), DEEP_PARTITION), FETCH_PAGE)) {
            var reader = world.connect(readers, 1).get(0);
            pages(reader, consumer, "", DEEP, 1, ENTRIES);
            for (int run = 0; run < RUNS; run++) {
                pages(reader, consumer, "near the head of " + String.format("%,d", ENTRIES), DEEP, ENTRIES - third, ENTRIES);
                pages(reader, consumer, "in the middle", DEEP, third, 2 * third);
                pages(reader, consumer, "at the end", DEEP, 1, third);
                pages(reader, consumer, "of a room with one of " + ENTRIES / SPARSE + " entries there", THIN, 1, SPARSE);
            }
        }
    }

    private static void pages(Reader reader, PlainConsumer consumer, String where, String room, long from, long to) {
        var ours = new Latencies();
        var plain = new Latencies();
        var random = new Random(to);
        for (int n = 0; n < PAGES; n++) {
            long before = from + PAGE + (long) (random.nextDouble() * Math.max(1, to - from - PAGE));
            long start = System.nanoTime();
            Readers.await(reader.ask(frame("history", Map.of("room", room, "before", before, "limit", PAGE))));
            ours.add(System.nanoTime() - start);
            plain.add(consumer.read(Math.max(0, (room.equals(THIN) ? before * (ENTRIES / SPARSE) : before) - PAGE), PAGE));
        }
        if (!where.isEmpty()) {
            FIGURES.add("page of " + PAGE + " " + where + ", p50, ms", ours.quantile(0.5), "plain consumer, as many records there", plain.quantile(0.5));
            FIGURES.add("page of " + PAGE + " " + where + ", p99, ms", ours.quantile(0.99));
        }
    }

    @Test
    @Order(4)
    void holdsIdleConnections() {
        double ours = 0;
        try (var readers = world.readers()) {
            world.connect(readers, 50); // what the first connections bring about once
            long before = world.delivery().residentBytes();
            var idle = world.connect(readers, IDLE);
            for (int n = 0; n < IDLE; n++) {
                Readers.await(idle.get(n).ask(frame("subscribe", Map.of("room", "idle" + n % IDLE_ROOMS))));
            }
            settle();
            ours = (world.delivery().residentBytes() - before) / (double) IDLE;
        }
        try (var bare = world.bare(0); var readers = bare.readers()) {
            readers.connect(50, n -> "/none", "");
            long before = bare.served().residentBytes();
            readers.connect(IDLE, n -> "/idle" + n % IDLE_ROOMS, "");
            settle();
            double theirs = (bare.served().residentBytes() - before) / (double) IDLE;
            FIGURES.add("resident bytes per idle subscribed connection, of " + String.format("%,d", IDLE), ours, "bare server", theirs);
        }
    }

    @Test
    @Order(5)
    void fansOutToOneRoom() {
        fanOut("1 room x " + SUBSCRIBERS + " subscribers", List.of("crowd"), SUBSCRIBERS, n -> List.of("crowd"));
    }

    @Test
    @Order(6)
    void fansOutToManyRooms() {
        var rooms = IntStream.range(0, ROOMS).mapToObj(n -> "room" + n).toList();
        IntFunction<List<String>> mine = n -> IntStream.range(0, ROOMS_EACH).mapToObj(i -> rooms.get((n * ROOMS_EACH + i) % ROOMS)).toList();
        int each = SUBSCRIBERS * ROOMS_EACH / ROOMS;
        fanOut(ROOMS + " rooms x " + each + " subscribers", rooms, each, mine);
    }

    private static void fanOut(String name, List<String> rooms, int each, IntFunction<List<String>> roomsOf) {
        FanOut.Result[] ours = new FanOut.Result[RUNS];
        int padding;
        try (var readers = world.readers()) {
            var all = world.connect(readers, SUBSCRIBERS);
            for (int n = 0; n < all.size(); n++) {
                for (String room : roomsOf.apply(n)) {
                    Readers.await(all.get(n).ask(frame("subscribe", Map.of("room", room))));
                }
            }
            measure(new FanOut(world.fill, rooms, each, readers, world.delivery()), ours);
            padding = all.get(0).entryBytes() - world.fill.write(rooms.get(0));
        }
        FanOut.Result[] theirs = new FanOut.Result[RUNS];
        try (var bare = world.bare(padding); var readers = bare.readers()) {
            readers.connect(SUBSCRIBERS, n -> "/" + String.join(",", roomsOf.apply(n)), "");
            measure(new FanOut(world.fill, rooms, each, readers, bare.served()), theirs);
        }
        for (int run = 0; run < RUNS; run++) {
            FIGURES.add(name + ", frames/s", ours[run].perSecond(), "bare server", theirs[run].perSecond());
            FIGURES.add(name + ", frames per second of the server's CPU", ours[run].perCpuSecond(), "bare server", theirs[run].perCpuSecond());
        }
    }

    /** The first run warms up. */
    private static void measure(FanOut fanOut, FanOut.Result[] results) {
        fanOut.run(FRAMES);
        for (int run = 0; run < results.length; run++) {
            results[run] = fanOut.run(FRAMES);
        }
    }

    private static String frame(String op, Map<String, Object> fields) {
        var frame = Json.MAPPER.createObjectNode().put("op", op).put("ref", 1);
        fields.forEach((name, value) -> frame.putPOJO(name, value));
        return frame.toString();
    }

    private static void settle() {
        LockSupport.parkNanos(SETTLE.toNanos());
    }
}
