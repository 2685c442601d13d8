package io.millrace.standalone.replay.day;

import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Message;
import io.millrace.contract.message.MessageType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A file as it is played into a room. Message ids and the session come from the room's name and the file's content alone, laneSeq
 * from the sender's order in it, so that another run of the same file says the same messages again (SYN-2, SYN-3).
 */
public final class Day {
    private static final int KEY_BYTES = 8;

    private final String room;
    private final String key;
    private final List<IrcMessage> lines;
    private final List<Integer> oddLines;
    private final List<Message> messages;

    private Day(String room, String key, IrcLog.Content content) {
        this.room = room;
        this.key = key;
        this.lines = content.messages();
        this.oddLines = content.oddLines();
        this.messages = messages(lines);
    }

    public static Day of(String room, byte[] file) {
        return new Day(room, key(room, file), IrcLog.read(file));
    }

    public String room() {
        return room;
    }

    /** In the order of the file; {@link #messages()} has the same order. */
    public List<IrcMessage> lines() {
        return lines;
    }

    public List<Message> messages() {
        return messages;
    }

    public List<Integer> oddLines() {
        return oddLines;
    }

    private List<Message> messages(List<IrcMessage> said) {
        List<Message> all = new ArrayList<>(said.size());
        Map<String, Long> laneSeqs = new HashMap<>();
        for (IrcMessage line : said) {
            long laneSeq = laneSeqs.merge(line.nick(), 1L, Long::sum);
            var irc = Json.MAPPER.createObjectNode().put("line", line.line()).put("minute", clock(line.minute())).put("action", line.action());
            all.add(new Message(key + "-" + line.line(), room, "replay-" + key, laneSeq, Action.CREATE, MessageType.TEXT, line.text(), null, null,
                    Json.MAPPER.createObjectNode().set("irc", irc), null, null, null));
        }
        return List.copyOf(all);
    }

    private static String clock(int minute) {
        return "%02d:%02d".formatted(minute / 60 % 24, minute % 60);
    }

    private static String key(String room, byte[] file) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(room.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(file), 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("unable to hash the file; every JDK has SHA-256", e);
        }
    }
}
