package io.millrace.delivery.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.frame.PresenceEvent;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.delivery.signal.PresenceSet.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the clients of one room have been told, so that they are told what differs. Clients that missed a frame, and new ones, are owed the
 * whole state; everybody else knows exactly this.
 */
final class Told {
    private final SignalSettings settings;
    private final Set<SignalSubscriber> owed = new LinkedHashSet<>();
    private final Set<String> changedReads = new LinkedHashSet<>();
    private final Debounce occupancyChange;
    private Map<String, JsonNode> members = Map.of();
    private int present;
    private List<String> typing = List.of();
    private ServerFrame.Occupancy occupancy;

    Told(SignalSettings settings) {
        this.settings = settings;
        occupancyChange = new Debounce(settings.occupancyPace());
    }

    void owe(SignalSubscriber subscriber) {
        owed.add(subscriber);
    }

    /** All of them get everything, whatever they know. */
    void oweAll(Collection<SignalSubscriber> subscribers) {
        owed.addAll(subscribers);
        changedReads.clear();
    }

    void forget(SignalSubscriber subscriber) {
        owed.remove(subscriber);
    }

    boolean isOwed(SignalSubscriber subscriber) {
        return owed.contains(subscriber);
    }

    Set<SignalSubscriber> owed() {
        return owed;
    }

    void readChanged(String member) {
        changedReads.add(member);
    }

    /** Whether something is left to tell although nothing happens any more. */
    boolean isBehind() {
        return !owed.isEmpty() || occupancyChange.isPending() || !changedReads.isEmpty();
    }

    /** The members changed since the last time; at most the oldest so many are told, and who moves up enters. */
    List<ServerFrame> presenceChanges(String room, List<Member> now) {
        Map<String, JsonNode> next = new LinkedHashMap<>();
        now.stream().limit(settings.membersTold()).forEach(member -> next.put(member.name(), member.data()));
        List<ServerFrame> frames = new ArrayList<>();
        members.forEach((name, data) -> {
            if (!next.containsKey(name)) {
                frames.add(change(room, PresenceEvent.LEAVE, name, data));
            }
        });
        next.forEach((name, data) -> {
            if (!members.containsKey(name)) {
                frames.add(change(room, PresenceEvent.ENTER, name, data));
            } else if (!Objects.equals(members.get(name), data)) {
                frames.add(change(room, PresenceEvent.UPDATE, name, data));
            }
        });
        members = next;
        present = now.size();
        return frames;
    }

    ServerFrame present(String room) {
        return ServerFrame.Presence.present(room, members.entrySet().stream()
                .map(member -> new ServerFrame.Presence.Member(member.getKey(), member.getValue())).toList(), present);
    }

    /** Empty when the same members type as before. */
    List<ServerFrame> typingChange(String room, List<String> now) {
        if (typing.equals(now)) {
            return List.of();
        }
        typing = now;
        return List.of(typing(room));
    }

    ServerFrame typing(String room) {
        int more = typing.size() - settings.typingTold();
        return new ServerFrame.Typing(room, typing.stream().limit(settings.typingTold()).toList(), more > 0 ? more : null);
    }

    /** Empty while nothing changed, or it is too early to tell (ROOM-4). */
    List<ServerFrame> occupancyChange(String room, int connections, Instant now) {
        var found = new ServerFrame.Occupancy(room, connections, present);
        if (!found.equals(occupancy)) {
            occupancyChange.changed();
        }
        if (!occupancyChange.passes(now) || found.equals(occupancy)) {
            return List.of();
        }
        occupancy = found;
        return List.of(found);
    }

    /** Null until it was told for the first time. */
    ServerFrame occupancy() {
        return occupancy;
    }

    /** Whose read positions changed since the last time. */
    List<String> takeChangedReads() {
        if (changedReads.isEmpty()) {
            return List.of();
        }
        List<String> changed = changedReads.stream().limit(settings.membersTold()).toList();
        changed.forEach(changedReads::remove);
        return changed;
    }

    private static ServerFrame change(String room, PresenceEvent event, String name, JsonNode data) {
        return ServerFrame.Presence.change(room, event, new ServerFrame.Presence.Member(name, data));
    }
}
