package io.millrace.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Action;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.MessageType;
import io.millrace.contract.record.Entry;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A history that keeps every promise: a few rooms, and clients that come, go, return with their cursors, and are told what they missed. */
final class GoodHistory {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final List<String> VERDICTS = List.of("WINDOW_EXPIRED", "BACKLOG_LIMIT", "RETENTION_EXPIRED", "STREAM_RECREATED", "REPARTITIONED", "CURSOR_UNKNOWN");

    final List<LogRecord> log = new ArrayList<>();
    final List<SyncEvent> events = new ArrayList<>();
    final List<RecordedFrame> frames = new ArrayList<>();
    private final Random random;
    private int connections;
    private int refs;

    private GoodHistory(Random random) {
        this.random = random;
    }

    static GoodHistory of(long seed) {
        var history = new GoodHistory(new Random(seed));
        for (String room : List.of("lobby", "den")) {
            int entries = 10 + history.random.nextInt(30);
            for (int seq = 1; seq <= entries; seq++) {
                history.append(room, seq);
            }
            for (int client = 0; client < 3; client++) {
                history.read(room, "reader" + client, entries);
            }
        }
        return history;
    }

    private void append(String room, long seq) {
        String sender = "sender" + random.nextInt(3);
        long laneSeq = log.stream().filter(record -> record.entry().sender().equals(sender)).count() + 1;
        var entry = new Entry(Action.CREATE, MessageType.TEXT, sender, "m" + log.size(), "s", laneSeq, null, "text " + log.size(), null, null, null, null, NOON, NOON);
        log.add(new LogRecord(room, "e-" + room, seq, entry));
        var synced = new SyncEvent(entry.id(), room, "s", Lane.TEXT, laneSeq, SyncState.SYNCED, 1, 4, null, null, "e-" + room, seq, NOON);
        events.add(synced);
        if (random.nextInt(5) == 0) {
            events.add(synced); // a resend is told the same again (SYN-2)
        }
    }

    /** One client: attaches somewhere, is cut, returns, and stays until it has everything. */
    private void read(String room, String reader, long head) {
        long attach = random.nextInt((int) head - 4);
        String connection = open(reader);
        subscribed(connection, room, attach, null, false, 0);
        long seen = attach + 1 + random.nextInt((int) (head - attach) - 2);
        give(connection, room, attach + 1, seen, attach);
        heads(connection, room, seen);
        frames.add(RecordedFrame.closed(NOON, connection, 1006));
        boolean cutInReplay = random.nextBoolean() && head - seen > 3;
        if (cutInReplay) {
            connection = open(reader);
            subscribed(connection, room, seen + 3, cursor(room, seen), true, 3);
            long given = random.nextInt(3);
            give(connection, room, seen + 1, seen + given, seen + 3); // cut in the middle of the replay
            frames.add(RecordedFrame.closed(NOON, connection, 1006));
            seen += given;
        }
        connection = open(reader);
        long back = seen + 1 + random.nextInt((int) (head - seen));
        boolean resumed = random.nextBoolean();
        subscribed(connection, room, back, cursor(room, seen), resumed, back - seen);
        if (!resumed) {
            // an unreadable cursor proves nothing about where its reader was
            String reason = VERDICTS.get(random.nextInt(cutInReplay ? VERDICTS.size() - 1 : VERDICTS.size()));
            gap(connection, room, reason, VERDICTS.indexOf(reason) < 3 ? seen + 1 : 1, back);
        }
        long next = resumed ? seen + 1 : back + 1;
        if (head - next > 4) {
            give(connection, room, next, next + 1, back);
            gap(connection, room, "SERVER", next + 2, next + 3); // what nobody holds any more
            next += 4;
        }
        give(connection, room, next, head, back);
        heads(connection, room, head);
    }

    private String open(String reader) {
        String connection = "c" + ++connections;
        frames.add(RecordedFrame.opened(NOON, connection, reader));
        return connection;
    }

    private void subscribed(String connection, String room, long attach, String cursor, boolean resumed, long replayed) {
        var ask = frame("subscribe", room).put("ref", ++refs);
        if (cursor != null) {
            ask.put("cursor", cursor);
        }
        frames.add(RecordedFrame.sent(NOON, connection, ask));
        frames.add(RecordedFrame.got(NOON, connection, frame("subscribed", room).put("ref", refs).put("epoch", "e-" + room).put("seq", attach)
                .put("cursor", cursor(room, attach)).put("resumed", resumed).put("replayed", resumed ? replayed : 0)));
    }

    private void give(String connection, String room, long from, long to, long attach) {
        for (long seq = from; seq <= to; seq++) {
            long at = seq;
            JsonNode entry = log.stream().filter(record -> record.room().equals(room) && record.seq() == at).findFirst().map(record -> Json.MAPPER.<JsonNode>valueToTree(record.entry())).orElseThrow();
            frames.add(RecordedFrame.got(NOON, connection, frame("message", room).put("epoch", "e-" + room).put("seq", seq).put("cursor", cursor(room, seq))
                    .put("replay", seq <= attach).set("entry", entry)));
        }
    }

    private void gap(String connection, String room, String reason, long from, long to) {
        frames.add(RecordedFrame.got(NOON, connection, frame("discontinuity", room).put("reason", reason).put("from", from).put("to", to).put("lost", to - from + 1)
                .put("recoverable", true).put("oldestSeq", 1)));
    }

    private void heads(String connection, String room, long seq) {
        var heads = JsonNodeFactory.instance.objectNode().put("op", "heads");
        heads.putObject("rooms").put(room, seq);
        frames.add(RecordedFrame.got(NOON, connection, heads));
    }

    private static ObjectNode frame(String op, String room) {
        return JsonNodeFactory.instance.objectNode().put("op", op).put("room", room);
    }

    private static String cursor(String room, long seq) {
        return room + "@" + seq;
    }

    List<Violation> check() {
        return check(log, events, frames);
    }

    static List<Violation> check(List<LogRecord> log, List<SyncEvent> events, List<RecordedFrame> frames) {
        var lines = new LogCheck();
        log.forEach(record -> lines.add(record, false));
        var words = new FinalWords();
        events.forEach(event -> words.add(sender(log, event), event, false));
        return new HistoryCheck(lines, words, true).violations(frames);
    }

    private static String sender(List<LogRecord> log, SyncEvent event) {
        return log.stream().filter(record -> record.entry().id().equals(event.id())).findFirst().map(record -> record.entry().sender()).orElse("sender0");
    }
}
