package io.millrace.delivery.signal;

import static io.millrace.contract.frame.RoomSignalKind.OCCUPANCY;
import static io.millrace.contract.frame.RoomSignalKind.PRESENCE;
import static io.millrace.contract.frame.RoomSignalKind.READ;
import static io.millrace.contract.frame.RoomSignalKind.TYPING;

import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.PresenceRecord;
import io.millrace.delivery.continuity.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** Tells a room's clients what changed; each frame is encoded once. Who cannot take one is owed the whole state and gets it when there is room (DEL-7). */
final class RoomTeller {
    private final SignalSettings settings;
    private final SignalEvents events;

    RoomTeller(SignalSettings settings, SignalEvents events) {
        this.settings = settings;
        this.events = events;
    }

    void changes(SignalRoom room, String ownPod, Liveness liveness, Instant now) {
        Told told = room.told();
        if (room.takeMembersDiffer()) {
            tell(room, PRESENCE, told.presenceChanges(room.name(), room.presence().present(liveness, now)));
        }
        tell(room, TYPING, told.typingChange(room.name(), room.typing().members(now)));
        tell(room, OCCUPANCY, told.occupancyChange(room.name(), room.connections(ownPod, liveness, now), now));
        List<String> readers = told.takeChangedReads();
        if (!readers.isEmpty()) {
            tell(room, READ, reads(room, readers.stream().map(room::read).filter(Objects::nonNull).toList()));
        }
        settle(room);
    }

    /** A reaction is told to whoever can take it and owed to nobody (ROOM-3). */
    void reaction(SignalRoom room, ServerFrame.Reaction reaction) {
        byte[] frame = reaction.bytes();
        for (SignalSubscriber subscriber : room.subscribers()) {
            if (subscriber.wants(RoomSignalKind.REACTION) && subscriber.outlet().offer(frame)) {
                events.told(RoomSignalKind.REACTION);
            }
        }
    }

    private void tell(SignalRoom room, RoomSignalKind kind, List<ServerFrame> frames) {
        for (ServerFrame frame : frames) {
            byte[] bytes = frame.bytes();
            for (SignalSubscriber subscriber : room.subscribers()) {
                if (subscriber.wants(kind) && !room.told().isOwed(subscriber) && !offer(subscriber, kind, bytes)) {
                    room.told().owe(subscriber);
                }
            }
        }
    }

    /** Gives the whole state to those who are owed it and can take it; all of a room's clients know the same then. */
    private void settle(SignalRoom room) {
        if (room.told().owed().stream().noneMatch(subscriber -> subscriber.outlet().takesSignals())) {
            return;
        }
        List<Encoded> state = state(room);
        for (Iterator<SignalSubscriber> owed = room.told().owed().iterator(); owed.hasNext(); ) {
            SignalSubscriber subscriber = owed.next();
            if (subscriber.outlet().takesSignals() && take(room, subscriber, state)) {
                owed.remove();
            }
        }
    }

    private boolean take(SignalRoom room, SignalSubscriber subscriber, List<Encoded> state) {
        for (Encoded part : state) {
            if (subscriber.wants(part.kind()) && !offer(subscriber, part.kind(), part.frame())) {
                return false;
            }
        }
        PresenceRecord own = room.read(subscriber.member());
        return own == null || !subscriber.wants(READ) || offer(subscriber, READ, reads(room, List.of(own)).get(0).bytes());
    }

    private List<Encoded> state(SignalRoom room) {
        Told told = room.told();
        List<Encoded> state = new ArrayList<>();
        state.add(new Encoded(PRESENCE, told.present(room.name()).bytes()));
        state.add(new Encoded(TYPING, told.typing(room.name()).bytes()));
        if (told.occupancy() != null) {
            state.add(new Encoded(OCCUPANCY, told.occupancy().bytes()));
        }
        var newest = room.reads().values().stream().skip(Math.max(0, room.reads().size() - settings.membersTold())).toList();
        reads(room, newest).forEach(frame -> state.add(new Encoded(READ, frame.bytes())));
        return state;
    }

    private boolean offer(SignalSubscriber subscriber, RoomSignalKind kind, byte[] frame) {
        boolean taken = subscriber.outlet().offer(frame);
        if (taken) {
            events.told(kind);
        }
        return taken;
    }

    private static List<ServerFrame> reads(SignalRoom room, Collection<PresenceRecord> positions) {
        if (positions.isEmpty()) {
            return List.of();
        }
        Position head = room.subscribers().stream().map(SignalSubscriber::position).max((one, other) -> Long.compare(one.seq(), other.seq())).orElse(Position.NONE);
        return List.of(new ServerFrame.Read(room.name(), positions.stream().map(position -> told(position, head)).toList()));
    }

    /** A position in another epoch counts nothing of this one. */
    private static ServerFrame.Read.Position told(PresenceRecord position, Position head) {
        long read = position.epoch().equals(head.epoch()) ? position.seq() : 0;
        return new ServerFrame.Read.Position(position.member(), position.epoch(), position.seq(), Math.max(0, head.seq() - read), position.at());
    }

    private record Encoded(RoomSignalKind kind, byte[] frame) {
    }
}
