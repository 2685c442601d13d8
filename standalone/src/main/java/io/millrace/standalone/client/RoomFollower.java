package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.record.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * Follows one room across lost connections: each time it resumes with its cursor (DEL-2), or, when it began at a seq, reads history up to
 * the attach point and goes on live (HIS-2). It passes on what it was given, in the order it was given, and hides nothing: repeats
 * and holes are for the reader to see. Used on the event loop only.
 */
public final class RoomFollower {
    private static final int PAGE = 500;
    private static final TextNode HISTORY = TextNode.valueOf("history");
    private static final TextNode SUBSCRIBE = TextNode.valueOf("subscribe");

    private final MillraceClient client;
    private final String sender;
    private final String room;
    private final Reader reader;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private final Queue<ServerFrame.MessageEntry> waiting = new ArrayDeque<>();
    private final boolean readsHistory;
    private Link link;
    private String cursor;
    private long seq;
    private long attachedAt = -1;
    private boolean attached;
    private boolean closed;

    private RoomFollower(MillraceClient client, String sender, String room, Reader reader, boolean readsHistory) {
        this.client = client;
        this.sender = sender;
        this.room = room;
        this.reader = reader;
        this.readsHistory = readsHistory;
    }

    /** Told what the room says, on the event loop. */
    public interface Reader {
        void entry(String epoch, long seq, String cursor, Entry entry);

        void discontinuity(ServerFrame.Gap gap);

        /** All there was up to {@code seq} has been passed on; what follows is live. Comes after every connect. */
        void live(long seq);

        /** The connection is gone and comes back, unless the reason is a refusal: then this follower is over. */
        void lost(Unreachable reason);
    }

    /** From now on. */
    public static RoomFollower live(MillraceClient client, String sender, String room, Reader reader) {
        return new RoomFollower(client, sender, room, reader, false);
    }

    /** From the entry {@code firstSeq} on, as far back as history reaches. */
    public static RoomFollower fromSeq(MillraceClient client, String sender, String room, long firstSeq, Reader reader) {
        var follower = new RoomFollower(client, sender, room, reader, true);
        follower.seq = firstSeq - 1;
        return follower;
    }

    /** From where a former follower ended; the server judges what lies between (CON-1). */
    public static RoomFollower fromCursor(MillraceClient client, String sender, String room, String cursor, Reader reader) {
        var follower = new RoomFollower(client, sender, room, reader, false);
        follower.cursor = cursor;
        return follower;
    }

    public void start() {
        if (closed) {
            return;
        }
        attached = false;
        attachedAt = -1;
        waiting.clear();
        link = Link.open(client, "/v1/delivery", sender, this::frame, this::greeted, this::lost);
    }

    public void close() {
        closed = true;
        if (link != null) {
            link.drop();
        }
    }

    private void greeted() {
        if (cursor == null && readsHistory) {
            askHistory(); // most of it before subscribing: then little must wait at the attach point
        } else {
            subscribe();
        }
    }

    private void frame(ServerFrame frame) {
        if (frame instanceof ServerFrame.MessageEntry message && message.room().equals(room)) {
            if (attached) {
                pass(message.epoch(), message.seq(), message.cursor(), message.entry());
            } else {
                waiting.add(message);
            }
        } else if (frame instanceof ServerFrame.Subscribed subscribed) {
            subscribed(subscribed);
        } else if (frame instanceof ServerFrame.HistoryPage page) {
            history(page);
        } else if (frame instanceof ServerFrame.Gap gap) {
            gap(gap);
        } else if (frame instanceof ServerFrame.Error error && (HISTORY.equals(error.ref()) || SUBSCRIBE.equals(error.ref()))) {
            link.drop();
            lost(error.retryable() ? Unreachable.forNow(error.message()) : Unreachable.refused(error.message()));
        }
    }

    private void subscribed(ServerFrame.Subscribed subscribed) {
        backoff.reset();
        attachedAt = subscribed.seq();
        boolean resumes = cursor != null;
        if (!resumes && readsHistory && seq < attachedAt) {
            askHistory();
            return;
        }
        if (!resumes) {
            cursor = subscribed.cursor();
            seq = attachedAt;
        }
        goLive();
    }

    private void history(ServerFrame.HistoryPage page) {
        for (var item : page.items()) {
            if (attachedAt < 0 || item.seq() <= attachedAt) {
                pass(page.epoch(), item.seq(), item.cursor(), item.entry());
            }
        }
        boolean reached = attachedAt >= 0 ? seq >= attachedAt || page.items().isEmpty() : page.complete();
        if (!reached) {
            askHistory();
        } else if (attachedAt >= 0) {
            goLive();
        } else {
            cursor = null;
            subscribe();
        }
    }

    /** Told once for a range; what of it is still kept is read from history, by who began with history. */
    private void gap(ServerFrame.Gap gap) {
        reader.discontinuity(gap);
        if (readsHistory && gap.recoverable() && gap.from() == seq + 1) {
            attached = false;
            attachedAt = gap.to();
            askHistory();
        }
    }

    private void goLive() {
        attached = true;
        while (!waiting.isEmpty() && attached) {
            var message = waiting.remove();
            pass(message.epoch(), message.seq(), message.cursor(), message.entry());
        }
        reader.live(seq);
    }

    private void pass(String epoch, long at, String next, Entry entry) {
        seq = at;
        cursor = next;
        reader.entry(epoch, at, next, entry);
    }

    private void askHistory() {
        Map<String, Object> ask = request("history", HISTORY);
        ask.put("after", seq);
        ask.put("limit", PAGE);
        link.send(Json.bytes(ask));
    }

    private void subscribe() {
        Map<String, Object> ask = request("subscribe", SUBSCRIBE);
        if (cursor != null) {
            ask.put("cursor", cursor);
        }
        link.send(Json.bytes(ask));
    }

    private Map<String, Object> request(String op, TextNode ref) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("op", op);
        request.put("ref", ref);
        request.put("room", room);
        return request;
    }

    private void lost(Unreachable reason) {
        reader.lost(reason);
        if (reason.isRefusal()) {
            closed = true;
        } else if (!closed) {
            Duration wait = backoff.next();
            client.after(wait, this::start);
        }
    }
}
