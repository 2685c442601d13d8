package io.millrace.contract.message;

import java.util.regex.Pattern;

/** The shapes of the names a client may choose (MSG-2, MSG-3); anything else is {@code INVALID}. */
public final class Names {
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern ROOM_OR_SESSION = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    private static final int MAX_REACTION = 64;

    private Names() {
    }

    public static String messageId(String id) {
        return check(MESSAGE_ID, "id", id, "1 to 64 of A-Za-z0-9_-");
    }

    public static String attachmentId(String id) {
        return check(MESSAGE_ID, "attachment id", id, "1 to 64 of A-Za-z0-9_-");
    }

    public static String room(String room) {
        return check(ROOM_OR_SESSION, "room", room, "1 to 128 of A-Za-z0-9_.:-");
    }

    public static String session(String session) {
        return check(ROOM_OR_SESSION, "session", session, "1 to 128 of A-Za-z0-9_.:-");
    }

    /** Any text that names a reaction, an emoji for example (ROOM-3). */
    public static String reaction(String name) {
        if (name == null) {
            throw new InvalidMessage("name is missing");
        }
        if (name.isBlank() || name.length() > MAX_REACTION || !Surrogates.paired(name)) {
            throw new InvalidMessage("name must be 1 to " + MAX_REACTION + " characters");
        }
        return name;
    }

    private static String check(Pattern shape, String field, String value, String rule) {
        if (value == null) {
            throw new InvalidMessage(field + " is missing");
        }
        if (!shape.matcher(value).matches()) {
            throw new InvalidMessage(field + " must be " + rule);
        }
        return value;
    }
}
