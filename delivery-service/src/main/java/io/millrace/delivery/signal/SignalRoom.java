package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What is known of one room beside its log, and who is told of it here. Touched by its partition's owner alone. */
final class SignalRoom {
    private final String name;
    private final PresenceSet presence = new PresenceSet();
    private final TypingSet typing;
    private final Map<String, PresenceRecord> connectionsByPod = new HashMap<>();
    /** The one changed last is last. */
    private final Map<String, PresenceRecord> reads = new LinkedHashMap<>();
    private final Set<SignalSubscriber> subscribers = new LinkedHashSet<>();
    private final Told told;
    private final Debounce connectionsChange;
    private boolean membersDiffer = true;
    private int reactions;

    SignalRoom(String name, SignalSettings settings) {
        this.name = name;
        typing = new TypingSet(settings.membersTold());
        told = new Told(settings);
        connectionsChange = new Debounce(settings.occupancyPace());
    }

    String name() {
        return name;
    }

    PresenceSet presence() {
        return presence;
    }

    TypingSet typing() {
        return typing;
    }

    Map<String, PresenceRecord> connectionsByPod() {
        return connectionsByPod;
    }

    Set<SignalSubscriber> subscribers() {
        return subscribers;
    }

    Told told() {
        return told;
    }

    /** Passes when this pod should say anew how many connections it has. */
    Debounce connectionsChange() {
        return connectionsChange;
    }

    Map<String, PresenceRecord> reads() {
        return reads;
    }

    /** How far the member has read; null if unknown. */
    PresenceRecord read(String member) {
        return reads.get(member);
    }

    void putRead(PresenceRecord position) {
        reads.remove(position.member());
        reads.put(position.member(), position);
        if (!subscribers.isEmpty()) {
            told.readChanged(position.member());
        }
    }

    /** Subscriptions everywhere; this pod knows its own best. */
    int connections(String ownPod, Liveness liveness, Instant now) {
        return subscribers.size() + connectionsByPod.values().stream()
                .filter(record -> !record.pod().equals(ownPod) && liveness.counts(record, now)).mapToInt(PresenceRecord::connections).sum();
    }

    /** A record or time changed who may be present. */
    void membersMayDiffer() {
        membersDiffer = true;
    }

    /** Whether the members have to be looked at again; they have been then. */
    boolean takeMembersDiffer() {
        boolean differ = membersDiffer;
        membersDiffer = false;
        return differ;
    }

    /** One more reaction this second; false when it is one too many. */
    boolean reacts(int limit) {
        return ++reactions <= limit;
    }

    void newSecond() {
        reactions = 0;
    }

    /** What is read from the topic anew. Returns how many records were known. */
    int forgetKept() {
        int known = presence.clear() + connectionsByPod.size();
        connectionsByPod.clear();
        reads.clear();
        return known;
    }

    boolean isNeeded() {
        return !subscribers.isEmpty() || !presence.isEmpty() || !connectionsByPod.isEmpty() || !reads.isEmpty();
    }
}
