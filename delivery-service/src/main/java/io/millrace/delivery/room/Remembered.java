package io.millrace.delivery.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rooms of a partition that are remembered: as long as somebody needs one, or its tail holds something of it. The tails share one budget; the
 * oldest entries go first, whatever their room.
 */
final class Remembered {
    private final Map<String, Room> rooms = new HashMap<>();
    private final TailBudget tails;
    private final FollowedLog log;

    Remembered(long tailBytes, FollowedLog log) {
        this.tails = new TailBudget(tailBytes);
        this.log = log;
    }

    /** From now on it is. */
    Room room(String name) {
        return rooms.computeIfAbsent(name, Room::new);
    }

    Optional<Room> find(String name) {
        return Optional.ofNullable(rooms.get(name));
    }

    boolean holds(Room room) {
        return rooms.get(room.name()) == room;
    }

    /** As they are now, whatever becomes of them meanwhile. */
    List<Room> all() {
        return new ArrayList<>(rooms.values());
    }

    boolean isAnyNeeded() {
        return rooms.values().stream().anyMatch(Room::isNeeded);
    }

    /** The room's newest entry, which its tail holds. */
    void keep(LoggedEntry entry) {
        tails.add(entry, this::evict);
    }

    void forgetIfIdle(Room room) {
        if (!room.isNeeded() && room.tail().isEmpty() && rooms.remove(room.name(), room)) {
            log.forget(room.nextOffset());
        }
    }

    /** What the tails hold stands in the log no more: only rooms that are needed remain. */
    void forgetTails() {
        tails.clear();
        rooms.values().removeIf(room -> !room.isNeeded());
    }

    void forgetAll() {
        tails.clear();
        rooms.clear();
    }

    private void evict(LoggedEntry evicted) {
        find(evicted.room()).ifPresent(room -> {
            room.tail().evict(evicted);
            forgetIfIdle(room);
        });
    }
}
