package io.millrace.delivery.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.record.SignalRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.delivery.continuity.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Several pods around the two topics, and a clock that stands still: what a pod writes, all that run read at once, unless Kafka is away. */
final class SignalWorld {
    static final String ROOM = "lobby";
    static final Duration WINDOW = Duration.ofSeconds(120);
    private static final Topics TOPICS = Topics.of("chat.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PACE = Duration.ofMillis(100);

    private final SignalSettings settings;
    private final List<Pod> pods = new ArrayList<>();
    /** The topic of presence, compacted. */
    private final Map<String, byte[]> presence = new LinkedHashMap<>();
    private final Map<String, Integer> written = new LinkedHashMap<>();
    private Instant now = Instant.parse("2026-11-22T05:00:00Z");
    private boolean kafkaAway;

    SignalWorld(SignalSettings settings) {
        this.settings = settings;
    }

    static SignalSettings settings(int membersTold, int kept, int positions) {
        return new SignalSettings(WINDOW, Duration.ofSeconds(10), PACE, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(2), membersTold, 3, 5,
                kept, positions, Duration.ofSeconds(2));
    }

    Pod pod(String name) {
        var pod = new Pod(name);
        pods.add(pod);
        pod.load();
        return pod;
    }

    void kafkaAway(boolean away) {
        kafkaAway = away;
    }

    /** Time passes, step by step, in all pods that run. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(PACE);
            tick();
        }
    }

    void tick() {
        pods.stream().filter(pod -> pod.runs).forEach(pod -> pod.signals.tick());
    }

    Set<String> keys() {
        return presence.keySet();
    }

    /** How often something was written under the key. */
    int written(String key) {
        return written.getOrDefault(key, 0);
    }

    /** Puts a record on the topic that none of the pods wrote. */
    void inject(PresenceRecord record) {
        keep(record.key(), record);
    }

    PresenceRecord stored(String key) {
        return TOPICS.presence().decode(presence.get(key));
    }

    private CompletionStage<Void> keep(String key, PresenceRecord record) {
        if (kafkaAway) {
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        written.merge(key, 1, Integer::sum);
        if (record == null) {
            presence.remove(key);
        } else {
            presence.put(key, TOPICS.presence().encode(record));
        }
        pods.stream().filter(pod -> pod.runs).forEach(pod -> pod.signals.accept(key, record == null ? null : stored(key)));
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> tell(SignalRecord signal) {
        if (kafkaAway) {
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        var read = TOPICS.roomSignals().decode(TOPICS.roomSignals().encode(signal));
        pods.stream().filter(pod -> pod.runs).forEach(pod -> pod.signals.accept(read));
        return CompletableFuture.completedFuture(null);
    }

    /** One delivery pod. */
    final class Pod {
        final Counts counts = new Counts();
        final PartitionSignals signals;
        private boolean runs = true;

        private Pod(String name) {
            signals = new PartitionSignals(0, name, settings, new Writer(), counts, () -> now);
        }

        /** Reads the topic from its beginning. */
        void load() {
            signals.loading();
            presence.keySet().forEach(key -> signals.accept(key, stored(key)));
            signals.loaded();
            signals.listening();
        }

        /** As kill -9 does: nothing is written any more, nothing read. */
        void kill() {
            runs = false;
        }

        /** Goes on after having stood still; what was written meanwhile it reads now. */
        void wake() {
            runs = true;
            load();
        }

        void standStill() {
            runs = false;
        }

        Client client(String member) {
            return client(member, EnumSet.allOf(RoomSignalKind.class));
        }

        Client client(String member, Set<RoomSignalKind> wanted) {
            var client = new Client(this, member, wanted);
            signals.join(client.subscriber);
            tick();
            return client;
        }
    }

    /** One connection that has subscribed the room. */
    static final class Client implements SignalOutlet {
        final SignalSubscriber subscriber;
        private final Pod pod;
        private final List<JsonNode> frames = new ArrayList<>();
        private Position place = new Position("e1", 50);
        private boolean full;

        private Client(Pod pod, String member, Set<RoomSignalKind> wanted) {
            this.pod = pod;
            subscriber = new SignalSubscriber(ROOM, member, member + "-" + java.util.UUID.randomUUID(), wanted, this, () -> place);
        }

        CompletionStage<Void> enter(String status) {
            return pod.signals.enter(subscriber, status == null ? null : Json.MAPPER.createObjectNode().put("status", status));
        }

        void leave() {
            pod.signals.exit(subscriber);
        }

        /** The connection is gone. */
        void drop() {
            pod.signals.dropped(subscriber);
            pod.signals.leave(subscriber);
        }

        void full(boolean now) {
            full = now;
        }

        void at(String epoch, long seq) {
            place = new Position(epoch, seq);
        }

        List<JsonNode> frames(String op) {
            return frames.stream().filter(frame -> frame.path("op").asText().equals(op)).toList();
        }

        JsonNode last(String op) {
            var all = frames(op);
            return all.isEmpty() ? null : all.get(all.size() - 1);
        }

        /** What a client that applies every presence frame holds for present: member to status. */
        Map<String, String> members() {
            Map<String, String> members = new LinkedHashMap<>();
            for (JsonNode frame : frames("presence")) {
                switch (frame.get("event").asText()) {
                    case "present" -> {
                        members.clear();
                        frame.get("members").forEach(member -> members.put(member.get("member").asText(), member.at("/data/status").asText()));
                    }
                    case "leave" -> members.remove(frame.get("member").asText());
                    default -> members.put(frame.get("member").asText(), frame.at("/data/status").asText());
                }
            }
            return members;
        }

        /** The presence events but {@code present}, as "event member". */
        List<String> changes() {
            return frames("presence").stream().filter(frame -> !frame.get("event").asText().equals("present"))
                    .map(frame -> frame.get("event").asText() + " " + frame.get("member").asText()).toList();
        }

        @Override
        public boolean offer(byte[] frame) {
            if (full) {
                return false;
            }
            try {
                frames.add(Json.MAPPER.readTree(frame));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        }

        @Override
        public boolean takesSignals() {
            return !full;
        }
    }

    private final class Writer implements SignalWriter {
        @Override
        public CompletionStage<Void> tell(SignalRecord signal) {
            return SignalWorld.this.tell(signal);
        }

        @Override
        public CompletionStage<Void> keep(int partition, String key, PresenceRecord record) {
            return SignalWorld.this.keep(key, record);
        }
    }

    /** What was counted. */
    static final class Counts implements SignalEvents {
        final Map<RoomSignalKind, Integer> heldBack = new EnumMap<>(RoomSignalKind.class);
        int untracked;
        int forgotten;
        int kept;

        @Override
        public void told(RoomSignalKind kind) {
        }

        @Override
        public void heldBack(RoomSignalKind kind) {
            heldBack.merge(kind, 1, Integer::sum);
        }

        @Override
        public void untracked() {
            untracked++;
        }

        @Override
        public void positionForgotten() {
            forgotten++;
        }

        @Override
        public void saidAgain() {
        }

        @Override
        public void kept(int change) {
            kept += change;
        }
    }
}
