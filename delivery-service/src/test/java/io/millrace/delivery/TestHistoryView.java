package io.millrace.delivery;

import static io.millrace.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.history.HeadAnswer;
import io.millrace.contract.history.LogAnswer;
import io.millrace.contract.history.LossAnswer;
import io.millrace.contract.history.StatesAnswer;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.record.DiscontinuityReason;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Answers what the history view and the sync states answer, from the real topics read committed, all in memory: for tests without the streams topology. */
final class TestHistoryView implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5000;
    private static final long STEP_MILLIS = 5;

    private final Topic<LogRecord> topic;
    private final Topic<Discontinuity> discontinuities;
    private final Map<String, List<Discontinuity>> lost = new HashMap<>();
    private final Topic<SyncEvent> syncTopic;
    private final Map<String, Object> kafka;
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Room> rooms = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<String, List<SyncEvent>> states = new HashMap<>();
    private final Thread reader = new Thread(this::read, "test-history-view");
    private volatile boolean running = true;
    private volatile boolean answering = true;
    private volatile boolean rereading;
    private HttpServer server;
    private int port;

    private TestHistoryView(String bootstrap, Topics topics) {
        this.topic = topics.roomLog();
        this.discontinuities = topics.discontinuities();
        this.syncTopic = topics.syncEvents();
        this.kafka = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false", "metadata.max.age.ms", "500");
    }

    static TestHistoryView start(String bootstrap, Topics topics) {
        var view = new TestHistoryView(bootstrap, topics);
        view.reader.start();
        view.comeBack();
        return view;
    }

    /** Nobody is there any more: connections are refused. */
    void goAway() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    void comeBack() {
        server = vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        port = server.actualPort();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** While false every question is answered 503. */
    void answer(boolean now) {
        answering = now;
    }

    /** Forgets everything and reads the log from its beginning: what the log has lost is lost here too. Returns when it has begun. */
    void reread() {
        synchronized (rooms) {
            rereading = true;
        }
        await().until(() -> !rereading);
    }

    /** As retention does, once the room has come so far here: a pod that follows it may be ahead. */
    void trim(String room, long oldest) {
        await().until(() -> head(room) >= oldest);
        synchronized (rooms) {
            rooms.get(room).items.removeIf(item -> item.seq() < oldest);
        }
    }

    private long head(String room) {
        synchronized (rooms) {
            return room(room).head;
        }
    }

    private void read() {
        try (var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(Stream.of(topic.name(), discontinuities.name(), syncTopic.name())
                    .flatMap(name -> IntStream.range(0, topic.partitions()).mapToObj(partition -> new TopicPartition(name, partition))).toList());
            while (running) {
                try {
                    poll(consumer);
                } catch (InvalidOffsetException e) {
                    consumer.seekToBeginning(e.partitions());
                }
            }
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        var records = consumer.poll(Duration.ofMillis(20));
        synchronized (rooms) {
            records.records(discontinuities.name()).forEach(record -> {
                var found = discontinuities.decode(record.value());
                lost.computeIfAbsent(found.room(), any -> new ArrayList<>()).add(found);
            });
            records.records(syncTopic.name()).forEach(record -> states.computeIfAbsent(new String(record.key(), UTF_8), any -> new ArrayList<>()).add(syncTopic.decode(record.value())));
            if (rereading) {
                rooms.clear();
                positions.keySet().removeIf(at -> at.topic().equals(topic.name()));
                consumer.seekToBeginning(consumer.assignment().stream().filter(at -> at.topic().equals(topic.name())).toList());
                rereading = false;
                return;
            }
            records.records(topic.name()).forEach(record -> add(topic.decode(record.value()), record.offset()));
            records.nextOffsets().forEach((at, next) -> positions.put(at, next.offset()));
        }
    }

    private void add(LogRecord record, long offset) {
        Room room = rooms.computeIfAbsent(record.room(), any -> new Room());
        if (!record.epoch().equals(room.epoch)) {
            room.items.clear();
        }
        room.epoch = record.epoch();
        room.items.add(new LogAnswer.Item(record.seq(), offset, record.entry()));
        room.head = record.seq();
        room.offset = offset;
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/internal/v1/sync")) {
            var sender = request.getParam("sender");
            when(request, () -> covers(syncTopic, sender, number(request, "covering", 0)), () -> states(sender, request.params().getAll("id")));
            return;
        }
        String[] path = request.path().split("/");
        String room = path[4];
        if (path[5].equals("losses")) {
            when(request, () -> true, () -> losses(room));
        } else if (path[5].equals("head")) {
            long covering = Long.parseLong(request.getParam("covering"));
            when(request, () -> covers(topic, room, covering), () -> headAnswer(room));
        } else {
            long reaching = number(request, "reaching", 0);
            boolean latest = path[5].equals("latest");
            when(request, () -> room(room).head >= reaching, () -> page(room, request, latest ? room(room).messages() : room(room).items));
        }
    }

    private LossAnswer losses(String room) {
        var byReason = new EnumMap<DiscontinuityReason, LossAnswer.Loss>(DiscontinuityReason.class);
        lost.getOrDefault(room, List.of()).forEach(found -> byReason.merge(found.reason(),
                new LossAnswer.Loss(found.reason(), 1, found.lost(), found.at(), found.at()),
                (all, one) -> new LossAnswer.Loss(one.reason(), all.times() + 1, all.entries() + one.entries(), all.first(), one.last())));
        return new LossAnswer(room, List.copyOf(byReason.values()));
    }

    private boolean covers(Topic<?> of, String key, long covering) {
        return positions.getOrDefault(new TopicPartition(of.name(), Topics.partition(key, of.partitions())), 0L) >= covering;
    }

    private StatesAnswer states(String sender, List<String> ids) {
        Map<String, SyncEvent> last = new LinkedHashMap<>();
        states.getOrDefault(sender, List.of()).stream().filter(event -> ids.contains(event.id())).forEach(event -> last.put(event.id() + '/' + event.room(), event));
        return new StatesAnswer(List.copyOf(last.values()));
    }

    private HeadAnswer headAnswer(String name) {
        Room room = room(name);
        return new HeadAnswer(name, room.epoch, room.head, room.offset, room.oldest(), room.items.isEmpty() ? null : room.items.get(0).entry().at());
    }

    private LogAnswer page(String name, HttpServerRequest request, List<LogAnswer.Item> found) {
        Room room = room(name);
        int limit = (int) number(request, "limit", 50);
        List<LogAnswer.Item> all;
        if (request.getParam("after") != null) {
            long after = number(request, "after", 0);
            all = found.stream().filter(item -> item.seq() > after).toList();
        } else {
            long before = number(request, "before", Long.MAX_VALUE);
            all = new ArrayList<>(found.stream().filter(item -> item.seq() < before).toList());
            Collections.reverse(all);
        }
        var items = all.stream().limit(limit).toList();
        return new LogAnswer(name, room.epoch, room.head, room.oldest(), null, items, items.size() == all.size());
    }

    private Room room(String name) {
        return rooms.getOrDefault(name, new Room());
    }

    private void when(HttpServerRequest request, Supplier<Boolean> ready, Supplier<Object> answer) {
        when(request, ready, answer, System.currentTimeMillis() + PATIENCE_MILLIS);
    }

    private void when(HttpServerRequest request, Supplier<Boolean> ready, Supplier<Object> answer, long deadline) {
        byte[] body = null;
        synchronized (rooms) {
            if (answering && ready.get()) {
                body = Json.bytes(answer.get());
            }
        }
        if (body != null) {
            request.response().end(Buffer.buffer(body));
        } else if (!answering || System.currentTimeMillis() > deadline) {
            request.response().setStatusCode(503).end();
        } else {
            vertx.setTimer(STEP_MILLIS, tick -> when(request, ready, answer, deadline));
        }
    }

    private static long number(HttpServerRequest request, String name, long otherwise) {
        return request.getParam(name) == null ? otherwise : Long.parseLong(request.getParam(name));
    }

    @Override
    public void close() {
        running = false;
        vertx.close().toCompletionStage().toCompletableFuture().join();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Room {
        private final List<LogAnswer.Item> items = new ArrayList<>();
        private String epoch;
        private long head;
        private long offset = -1;

        /** The plain meaning of {@code view: latest}, for edits of text and deletions. */
        private List<LogAnswer.Item> messages() {
            Map<Long, LogAnswer.Item> messages = new TreeMap<>();
            for (LogAnswer.Item item : items) {
                if (item.entry().target() == null) {
                    messages.put(item.seq(), new LogAnswer.Item(item.seq(), item.offset(), new LogAnswer.Latest(item.seq(), null, null), item.entry()));
                } else {
                    messages.computeIfPresent(item.entry().target(), (seq, message) -> changed(message, item));
                }
            }
            return List.copyOf(messages.values());
        }

        private static LogAnswer.Item changed(LogAnswer.Item message, LogAnswer.Item change) {
            var by = new LogAnswer.Changed(change.seq(), change.entry().sender(), change.entry().at());
            var latest = new LogAnswer.Latest(change.seq(), change.entry().action() == Action.DELETE ? Boolean.TRUE : null, by);
            var old = message.entry();
            return new LogAnswer.Item(message.seq(), message.offset(), latest, new Entry(old.action(), old.type(), old.sender(), old.id(), old.session(), old.laneSeq(),
                    null, change.entry().text(), null, null, null, old.replyTo(), old.createdAt(), old.at()));
        }

        private long oldest() {
            return head == 0 ? 0 : items.isEmpty() ? head + 1 : items.get(0).seq();
        }
    }
}
