package io.millrace.delivery.signal;

import io.millrace.contract.frame.RoomSignalKind;
import io.millrace.delivery.continuity.Position;
import java.util.Set;
import java.util.function.Supplier;

/** A subscription of a room as its signals see it: who, by which connection, what it wants to be told, and how far its log has come. Compared by identity. */
public final class SignalSubscriber {
    private final String room;
    private final String member;
    private final String connection;
    private final Set<RoomSignalKind> wanted;
    private final SignalOutlet outlet;
    private final Supplier<Position> position;

    public SignalSubscriber(String room, String member, String connection, Set<RoomSignalKind> wanted, SignalOutlet outlet, Supplier<Position> position) {
        this.room = room;
        this.member = member;
        this.connection = connection;
        this.wanted = Set.copyOf(wanted);
        this.outlet = outlet;
        this.position = position;
    }

    public String room() {
        return room;
    }

    public String member() {
        return member;
    }

    public String connection() {
        return connection;
    }

    boolean wants(RoomSignalKind kind) {
        return wanted.contains(kind);
    }

    SignalOutlet outlet() {
        return outlet;
    }

    Position position() {
        return position.get();
    }
}
