package io.millrace.delivery.room;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Discontinuity;
import io.millrace.delivery.continuity.Position;
import io.millrace.delivery.continuity.RecoveryLimits;
import io.millrace.guarantee.RoomTranscript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The rooms of one partition over a simulated log, with clients that read when told to and an owner that works when told to. */
final class RoomsFixture {
    final SimulatedLog log = new SimulatedLog();
    final Deque<Runnable> tasks = new ArrayDeque<>();
    final Deque<Runnable> timers = new ArrayDeque<>();
    final CountingEvents events = new CountingEvents();
    final Owner owner = new ManualOwner();
    PartitionRooms rooms;
    Instant now = SimulatedLog.START.plusSeconds(60);
    private final RoomSettings settings;
    private int read;
    private boolean following;

    RoomsFixture(long tailBytes) {
        settings = new RoomSettings(new RecoveryLimits(Duration.ofMinutes(2), 1000), tailBytes, 3, 40, Duration.ofMillis(10));
        rooms = newRooms();
    }

    private PartitionRooms newRooms() {
        return new PartitionRooms(new Surroundings(settings, log, log, log, events, () -> now, owner));
    }

    /** The pod dies; another one, which knows nothing, follows the partition. */
    RoomsFixture otherPod() {
        tasks.clear();
        timers.clear();
        log.forgetQuestions();
        events.lagging = 0;
        rooms = newRooms();
        following = false;
        return follow();
    }

    /** The follower noticed that the log broke off. */
    void interrupt(Interruption interruption, int start) {
        read = start;
        rooms.interrupted(interruption, log.facts(), start);
    }

    /** Begins to follow at the last stable offset. */
    RoomsFixture follow() {
        if (following) {
            return this;
        }
        following = true;
        read = (int) log.lastStable();
        rooms.followed(log.facts(), read);
        return this;
    }

    /** Hands the next record to the rooms; false if there is none. */
    boolean readOne() {
        if (read >= log.records.size()) {
            return false;
        }
        byte[] value = log.records.get(read);
        if (value != null) {
            rooms.accept(value, read, log.leaderEpochAt(read));
        }
        read++;
        rooms.readUpTo(read, log.leaderEpochAt(read - 1));
        return true;
    }

    void readSome(int count) {
        for (int i = 0; i < count; i++) {
            readOne();
        }
    }

    /** The follower misses records. */
    void skipRecords(int count) {
        read += count;
    }

    boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    boolean tick() {
        Runnable timer = timers.poll();
        if (timer != null) {
            tasks.add(timer);
        }
        return timer != null;
    }

    /** Lets everything happen that can. */
    void settle(Client... clients) {
        boolean moved = true;
        for (int round = 0; moved && round < 1_000_000; round++) {
            moved = runOne() | readOne() | log.answerOne() | tick();
            for (Client client : clients) {
                moved |= client.take(1);
            }
        }
    }

    Client client(String room, long capacity) {
        return new Client(room, capacity);
    }

    /** One client of one room: what it has received, and an outlet that fills up while it does not read. */
    final class Client implements Outlet {
        final String room;
        final List<JsonNode> received = new ArrayList<>();
        final List<byte[]> raw = new ArrayList<>();
        private final long capacity;
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private final Deque<Runnable> resumes = new ArrayDeque<>();
        private final AtomicReference<Boolean> answered = new AtomicReference<>();
        private long bytes;
        private long maxBytes;
        private int sentBeforeAnswered;
        private Subscription subscription;

        Client(String room, long capacity) {
            this.room = room;
            this.capacity = capacity;
        }

        Client subscribe(String cursor) {
            subscription = new Subscription(room, "ana", null, cursor, this, (answeredOne, attached) -> {
                answered.set(attached);
                sentBeforeAnswered = waiting.size() + raw.size();
            });
            rooms.subscribe(subscription);
            return this;
        }

        void unsubscribe() {
            rooms.unsubscribe(subscription);
        }

        /** Drops the connection with all that is under way, as a lost network does. */
        Client drop() {
            unsubscribe();
            return cutOff();
        }

        /** The pod is gone. */
        Client cutOff() {
            waiting.clear();
            resumes.clear();
            bytes = 0;
            return this;
        }

        /** Reads frames; false if there is none. */
        boolean take(int count) {
            boolean any = false;
            for (int i = 0; i < count && !waiting.isEmpty(); i++) {
                byte[] frame = waiting.remove();
                bytes -= frame.length;
                raw.add(frame);
                received.add(json(frame));
                any = true;
            }
            while (hasRoom() && !resumes.isEmpty()) {
                resumes.remove().run();
            }
            return any;
        }

        JsonNode last(String op) {
            return received.stream().filter(frame -> op.equals(frame.path("op").asText())).reduce((first, second) -> second).orElse(null);
        }

        List<String> ops() {
            return received.stream().map(frame -> frame.path("op").asText()).toList();
        }

        /** Where the client is: after the newest entry it was given, or at an attach point with nothing to replay before it. */
        String cursor() {
            return received.stream()
                    .filter(frame -> frame.has("cursor") && frame.path("replayed").asLong() == 0)
                    .reduce((first, second) -> second).map(frame -> frame.get("cursor").asText()).orElse(null);
        }

        long maxBytes() {
            return maxBytes;
        }

        RoomTranscript transcript() {
            return RoomTranscript.of(room, received);
        }

        /** How many frames were on their way when its connection heard of the answer. */
        int sentBeforeAnswered() {
            return sentBeforeAnswered;
        }

        Boolean answered() {
            return answered.get();
        }

        @Override
        public boolean hasRoom() {
            return bytes < capacity;
        }

        @Override
        public void send(byte[] frame) {
            waiting.add(frame);
            bytes += frame.length;
            maxBytes = Math.max(maxBytes, bytes);
        }

        @Override
        public void whenRoom(Runnable resume) {
            resumes.add(resume);
        }
    }

    private static JsonNode json(byte[] frame) {
        try {
            return Json.MAPPER.readTree(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class ManualOwner implements Owner {
        @Override
        public void after(Duration delay, Runnable task) {
            timers.add(task);
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }
    }

    /** Counts what rooms report. */
    static final class CountingEvents implements RoomEvents {
        final List<Discontinuity> discontinuities = new ArrayList<>();
        int lagging;
        int repeats;
        int differing;
        int undecodable;
        int unavailable;

        @Override
        public void delivered(int bytes) {
        }

        @Override
        public void replayed(int bytes) {
        }

        @Override
        public void lagging(int change) {
            lagging += change;
        }

        @Override
        public void repeatDropped() {
            repeats++;
        }

        @Override
        public void repeatDiffers(String room, Position position) {
            differing++;
        }

        @Override
        public void undecodable(int partition, long offset) {
            undecodable++;
        }

        @Override
        public void discontinuity(Discontinuity discontinuity) {
            discontinuities.add(discontinuity);
        }

        @Override
        public void unavailable(String room, Throwable cause) {
            unavailable++;
        }
    }
}
