package io.millrace.gate.token;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a token allows in which rooms: its claim {@code rooms} maps a room's name, or a prefix and {@code *}, to a list of rights
 * (SEC-1). Rights of all that match add up; a room nothing matches allows nothing. Immutable.
 */
public final class RoomRights {
    public static final RoomRights NONE = new RoomRights(Map.of(), List.of());

    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.:-]{1,128}|[A-Za-z0-9_.:-]{0,128}\\*");

    private final Map<String, Set<Right>> rooms;
    private final List<Prefix> prefixes;

    private RoomRights(Map<String, Set<Right>> rooms, List<Prefix> prefixes) {
        this.rooms = rooms;
        this.prefixes = prefixes;
    }

    /** Reads the claim; null is {@link #NONE}, any other shape than name, or prefix and {@code *}, to list of strings is refused. */
    static RoomRights ofClaim(Object claim) throws RefusedToken {
        if (claim == null) {
            return NONE;
        }
        if (!(claim instanceof Map<?, ?> entries)) {
            throw new RefusedToken("claim rooms must be an object");
        }
        Map<String, Set<Right>> rooms = new HashMap<>();
        List<Prefix> prefixes = new ArrayList<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            String name = String.valueOf(entry.getKey());
            Set<Right> rights = rights(entry.getValue());
            if (!isPattern(name)) {
                throw new RefusedToken("claim rooms must name rooms, or a prefix of them and * at its end");
            }
            if (name.endsWith("*")) {
                prefixes.add(new Prefix(name.substring(0, name.length() - 1), rights));
            } else {
                rooms.put(name, rights);
            }
        }
        return new RoomRights(rooms, prefixes);
    }

    public boolean allows(String room, Right right) {
        if (rooms.getOrDefault(room, Set.of()).contains(right)) {
            return true;
        }
        for (Prefix prefix : prefixes) {
            if (prefix.rights.contains(right) && room.startsWith(prefix.text)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the claim may name it: what a room could be called, or the beginning of that and {@code *}. */
    public static boolean isPattern(String name) {
        return PATTERN.matcher(name).matches();
    }

    private static Set<Right> rights(Object value) throws RefusedToken {
        if (!(value instanceof Collection<?> names)) {
            throw new RefusedToken("claim rooms must map to lists of rights");
        }
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Object name : names) {
            if (!(name instanceof String text)) {
                throw new RefusedToken("claim rooms must map to lists of rights");
            }
            Right.named(text).ifPresent(rights::add);
        }
        return rights;
    }

    private record Prefix(String text, Set<Right> rights) {
    }
}
