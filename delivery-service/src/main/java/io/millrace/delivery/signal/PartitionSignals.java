package io.millrace.delivery.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.record.SignalRecord;
import io.millrace.delivery.signal.OwnRecords.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The room signals of one partition on its owner (ROOM-1..5): knows what the topics say, says what this pod's connections do, tells clients what
 * changed. Nothing happens by itself: records come in, and {@link #tick()} is called once per pace.
 */
public final class PartitionSignals {
    private final int partition;
    private final String pod;
    private final SignalSettings settings;
    private final SignalWriter writer;
    private final SignalEvents events;
    private final InstantSource clock;
    private final KeptSignals kept;
    private final OwnRecords own;
    private final RoomTeller teller;
    private final Set<SignalRoom> restless = new LinkedHashSet<>();
    private int subscribers;
    private boolean loaded;
    private boolean listening;
    private Instant nextRound = Instant.MIN;
    private Instant nextHeartbeat = Instant.MIN;
    private Instant nextSweep = Instant.MIN;

    /** {@code pod} names this run of the pod; nobody else ever has the same name. */
    public PartitionSignals(int partition, String pod, SignalSettings settings, SignalWriter writer, SignalEvents events, InstantSource clock) {
        this.partition = partition;
        this.pod = pod;
        this.settings = settings;
        this.writer = writer;
        this.events = events;
        this.clock = clock;
        kept = new KeptSignals(pod, settings, events);
        own = new OwnRecords(settings.window(), settings.retryAfter());
        teller = new RoomTeller(settings, events);
    }

    // what clients do

    public void join(SignalSubscriber subscriber) {
        SignalRoom room = kept.room(subscriber.room());
        subscribers += room.subscribers().add(subscriber) ? 1 : 0;
        room.told().owe(subscriber);
        room.membersMayDiffer(); // while nobody was there, nobody looked
        room.connectionsChange().changed();
        restless.add(room);
    }

    public void leave(SignalSubscriber subscriber) {
        SignalRoom room = kept.room(subscriber.room());
        subscribers -= room.subscribers().remove(subscriber) ? 1 : 0;
        room.told().forget(subscriber);
        room.connectionsChange().changed();
        restless.add(room);
    }

    /** A frame for the subscriber was dropped: it gets the whole state once it can take it. */
    public void missed(SignalSubscriber subscriber) {
        SignalRoom room = kept.room(subscriber.room());
        if (room.subscribers().contains(subscriber)) {
            room.told().owe(subscriber);
        }
        restless.add(room);
    }

    /** The member enters by the subscriber's connection, or says something else of itself. */
    public CompletionStage<Void> enter(SignalSubscriber subscriber, JsonNode data) {
        Instant now = now();
        String key = memberKey(subscriber);
        PresenceRecord before = own.wanted(key);
        Instant since = before == null || before.isLost() ? now : before.since();
        return want(key, PresenceRecord.member(pod, subscriber.room(), subscriber.member(), subscriber.connection(), data, since, now));
    }

    /** The member leaves: this connection, and all of its that dropped. */
    public CompletionStage<Void> exit(SignalSubscriber subscriber) {
        String key = memberKey(subscriber);
        CompletionStage<Void> written = own.wanted(key) == null ? CompletableFuture.completedFuture(null) : want(key, null);
        for (PresenceRecord record : List.copyOf(kept.room(subscriber.room()).presence().records())) {
            if (record.isLost() && record.member().equals(subscriber.member())) {
                CompletionStage<Void> also = own.wanted(record.key()) == null ? writer.keep(partition, record.key(), null) : want(record.key(), null);
                written = written.thenCombine(also, (one, other) -> null);
            }
        }
        return written;
    }

    /** The connection dropped: its member stays for the recovery window. */
    public void dropped(SignalSubscriber subscriber) {
        String key = memberKey(subscriber);
        PresenceRecord record = own.wanted(key);
        if (record != null && !record.isLost()) {
            want(key, record.lost(now()));
        }
    }

    public CompletionStage<Void> type(SignalSubscriber subscriber, boolean active) {
        return writer.tell(SignalRecord.typing(subscriber.room(), subscriber.member(), subscriber.connection(), active, now()));
    }

    public CompletionStage<Void> react(SignalSubscriber subscriber, String name) {
        return writer.tell(SignalRecord.reaction(subscriber.room(), subscriber.member(), subscriber.connection(), name, now()));
    }

    /** A position that is not ahead of what is known says nothing new (ROOM-5). */
    public CompletionStage<Void> read(SignalSubscriber subscriber, String epoch, long seq) {
        var position = PresenceRecord.read(pod, subscriber.room(), subscriber.member(), epoch, seq, now());
        PresenceRecord known = kept.room(subscriber.room()).read(subscriber.member());
        return known != null && known.epoch().equals(epoch) && known.seq() >= seq ? CompletableFuture.completedFuture(null)
                : writer.keep(partition, position.key(), position);
    }

    // what the topics say

    /** What the topic of presence holds will be read from its beginning. */
    public void loading() {
        loaded = false;
        kept.clear();
        own.doubt();
    }

    public void loaded() {
        loaded = true;
        nextRound = Instant.MIN;
        kept.rooms().forEach(room -> {
            room.told().oweAll(room.subscribers());
            room.membersMayDiffer();
        });
    }

    /** Every later typing and reaction will come; nothing is told before, so that nothing is missed after it. */
    public void listening() {
        listening = true;
    }

    /** {@code record} null: what the key said is taken back. */
    public void accept(String key, PresenceRecord record) {
        own.seen(key, record);
        SignalRoom room = record == null ? kept.remove(key) : kept.put(record, loaded ? now() : record.at());
        if (room == null) {
            return;
        }
        restless.add(room);
        if (record != null && record.kind() == PresenceRecord.Kind.READ && record.pod().equals(pod)) {
            sayHigherPosition(room, record);
        }
    }

    public void accept(SignalRecord signal) {
        SignalRoom room = kept.find(signal.room());
        if (room == null || room.subscribers().isEmpty()) {
            return;
        }
        if (signal.kind() == SignalRecord.Kind.REACTION) {
            react(room, signal);
        } else if (!signal.active()) {
            room.typing().stops(signal.member(), signal.connection());
        } else if (!room.typing().types(signal.member(), signal.connection(), now().plus(settings.typingLasts()))) {
            events.heldBack(RoomSignalKind.TYPING);
        }
        restless.add(room);
    }

    /** Whether neither a client nor something this pod has said needs the partition. */
    public boolean isIdle() {
        return subscribers == 0 && own.isEmpty();
    }

    public void released() {
        loading();
        listening = false;
        restless.clear();
        kept.forgetAll();
    }

    /** Tells what changed, says again what was lost, and sweeps up after pods that are gone. */
    public void tick() {
        Instant now = now();
        if (!loaded || !listening) {
            return;
        }
        if (!now.isBefore(nextRound)) {
            nextRound = now.plusSeconds(1);
            round(now);
        }
        for (SignalRoom room : new ArrayList<>(restless)) {
            tell(room, now);
        }
    }

    private void tell(SignalRoom room, Instant now) {
        if (room.connectionsChange().passes(now)) {
            sayConnections(room, now);
        }
        if (!room.subscribers().isEmpty()) {
            teller.changes(room, pod, kept.liveness(), now);
        }
        boolean allTold = room.subscribers().isEmpty() || room.typing().isEmpty() && !room.told().isBehind();
        if (allTold && !room.connectionsChange().isPending()) {
            restless.remove(room);
        }
        kept.forgetIfIdle(room);
    }

    /** Time passes in every room that is looked at: members and pods expire. */
    private void round(Instant now) {
        for (SignalRoom room : kept.rooms()) {
            if (!room.subscribers().isEmpty()) {
                room.newSecond();
                room.membersMayDiffer();
                restless.add(room);
            }
        }
        for (Write write : own.due(now)) {
            if (write.record() != null) {
                events.saidAgain();
            }
            writer.keep(partition, write.key(), write.record());
        }
        if (!own.isEmpty() && !now.isBefore(nextHeartbeat)) {
            nextHeartbeat = now.plus(settings.heartbeat());
            var alive = PresenceRecord.alive(pod, now);
            writer.keep(partition, alive.key(), alive);
        }
        if (!now.isBefore(nextSweep)) {
            nextSweep = now.plus(settings.window().dividedBy(2));
            kept.outlived(now).forEach(key -> writer.keep(partition, key, null));
        }
    }

    /** Nobody here any more: nothing is said, so that an empty room costs nothing. */
    private void sayConnections(SignalRoom room, Instant now) {
        var record = PresenceRecord.connections(pod, room.name(), room.subscribers().size(), now);
        PresenceRecord before = own.wanted(record.key());
        if (room.subscribers().isEmpty() ? before != null : before == null || !before.connections().equals(record.connections())) {
            want(record.key(), room.subscribers().isEmpty() ? null : record);
        }
    }

    private void react(SignalRoom room, SignalRecord signal) {
        if (room.reacts(settings.reactionsPerSecond())) {
            teller.reaction(room, new ServerFrame.Reaction(signal.room(), signal.member(), signal.name(), signal.at()));
        } else {
            events.heldBack(RoomSignalKind.REACTION);
        }
    }

    /** Compaction keeps the last record of a key: a lower position that came after a higher one must not stay the last. */
    private void sayHigherPosition(SignalRoom room, PresenceRecord read) {
        PresenceRecord known = room.read(read.member());
        if (known != null && known.epoch().equals(read.epoch()) && known.seq() > read.seq()) {
            events.saidAgain();
            var higher = PresenceRecord.read(pod, room.name(), known.member(), known.epoch(), known.seq(), now());
            writer.keep(partition, higher.key(), higher);
        }
    }

    private CompletionStage<Void> want(String key, PresenceRecord record) {
        Write write = own.want(key, record, now());
        return writer.keep(partition, write.key(), write.record());
    }

    private static String memberKey(SignalSubscriber subscriber) {
        return subscriber.room() + "/member/" + subscriber.connection();
    }

    /** As exact as a record can say it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
