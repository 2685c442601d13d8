package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one partition of the topic of presence says, room by room; bounded in records. */
final class KeptSignals {
    /** So many keys are swept up at a time. */
    private static final int SWEPT = 1000;

    private final String ownPod;
    private final SignalSettings settings;
    private final SignalEvents events;
    private final Liveness liveness;
    private final Positions positions;
    private final Map<String, SignalRoom> rooms = new HashMap<>();
    private int records;

    KeptSignals(String ownPod, SignalSettings settings, SignalEvents events) {
        this.ownPod = ownPod;
        this.settings = settings;
        this.events = events;
        liveness = new Liveness(ownPod, settings.window());
        positions = new Positions(settings.positions());
    }

    Liveness liveness() {
        return liveness;
    }

    Collection<SignalRoom> rooms() {
        return rooms.values();
    }

    SignalRoom room(String name) {
        return rooms.computeIfAbsent(name, any -> new SignalRoom(name, settings));
    }

    /** Null when nothing is known of it. */
    SignalRoom find(String name) {
        return rooms.get(name);
    }

    void forgetIfIdle(SignalRoom room) {
        if (!room.isNeeded() && !room.connectionsChange().isPending()) {
            rooms.remove(room.name(), room);
        }
    }

    /** Everything will be read again; who subscribes stays. */
    void clear() {
        rooms.values().forEach(room -> count(-room.forgetKept()));
        rooms.values().removeIf(room -> !room.isNeeded() && !room.connectionsChange().isPending());
        positions.clear();
        liveness.clear();
    }

    /** Nobody needs the partition any more. */
    void forgetAll() {
        clear();
        rooms.clear();
    }

    /** Takes a record; {@code heardAt} is when its pod gave this sign of life. Returns the room it changed, null if none. */
    SignalRoom put(PresenceRecord record, Instant heardAt) {
        switch (record.kind()) {
            case POD -> {
                liveness.heard(record.pod(), heardAt);
                return null;
            }
            case READ -> {
                return putRead(record);
            }
            default -> {
                return putState(record);
            }
        }
    }

    /** Returns the room it changed, null if none. */
    SignalRoom remove(String key) {
        int room = key.indexOf('/');
        int id = key.indexOf('/', room + 1);
        if (room < 0 || id < 0) {
            return null;
        }
        String kind = key.substring(room + 1, id);
        if (kind.equals("pod")) {
            liveness.forget(key.substring(id + 1));
            return null;
        }
        SignalRoom found = rooms.get(key.substring(0, room));
        if (found != null) {
            found.membersMayDiffer();
            remove(found, kind, key, key.substring(id + 1));
        }
        return found;
    }

    /** Keys of those who have been gone for a window, members and pods: nobody else takes back what they said. */
    List<String> outlived(Instant now) {
        Instant longAgo = now.minus(settings.window());
        List<String> keys = new ArrayList<>();
        for (SignalRoom room : rooms.values()) {
            room.presence().records().stream().filter(record -> isOutlived(record, longAgo)).map(PresenceRecord::key).forEach(keys::add);
            room.connectionsByPod().values().stream().filter(record -> isOutlived(record, longAgo)).map(PresenceRecord::key).forEach(keys::add);
        }
        liveness.lastSigns().forEach((pod, sign) -> {
            if (!pod.equals(ownPod) && sign.plus(settings.window()).isBefore(longAgo) && keys.size() < SWEPT) {
                keys.add("/pod/" + pod); // after what hangs on it
            }
        });
        return keys.size() > SWEPT ? keys.subList(0, SWEPT) : keys;
    }

    private boolean isOutlived(PresenceRecord record, Instant longAgo) {
        return !liveness.counts(record, longAgo);
    }

    private SignalRoom putState(PresenceRecord record) {
        SignalRoom room = room(record.room());
        boolean member = record.kind() == PresenceRecord.Kind.MEMBER;
        boolean known = member ? room.presence().knows(record.connection()) : room.connectionsByPod().containsKey(record.pod());
        if (!known) {
            if (records >= settings.kept()) {
                events.untracked();
                forgetIfIdle(room);
                return null;
            }
            count(1);
        }
        room.membersMayDiffer();
        if (member) {
            room.presence().put(record);
        } else {
            room.connectionsByPod().put(record.pod(), record);
        }
        return room;
    }

    private SignalRoom putRead(PresenceRecord position) {
        SignalRoom room = room(position.room());
        PresenceRecord known = room.read(position.member());
        if (known != null && known.epoch().equals(position.epoch()) && known.seq() > position.seq()) {
            return room;
        }
        room.putRead(position);
        PresenceRecord forgotten = positions.put(position);
        if (forgotten != null) {
            events.positionForgotten();
            rooms.get(forgotten.room()).reads().remove(forgotten.member());
            forgetIfIdle(rooms.get(forgotten.room()));
        }
        return room;
    }

    private void remove(SignalRoom room, String kind, String key, String id) {
        switch (kind) {
            case "member" -> count(room.presence().remove(id) ? -1 : 0);
            case "connections" -> count(room.connectionsByPod().remove(id) == null ? 0 : -1);
            case "read" -> {
                positions.remove(key);
                room.reads().remove(id);
            }
            default -> { }
        }
    }

    private void count(int change) {
        records += change;
        events.kept(change);
    }
}
