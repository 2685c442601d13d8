package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.json.Json;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.SyncEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * One lane of one sender's session: its messages go out in laneSeq order, and again after every loss of the connection until each has
 * its terminal sync event, which a resend gets from the original (SYN-2). Confirmations come over the sender's delivery socket, so
 * nothing is sent before that says hello. Used on the event loop only.
 */
public final class SenderSession {
    private static final int WINDOW = 64; // unanswered at a time: a refused one leaves no more than these behind it, fewer than a lane holds (SYN-3)
    private static final Duration PATIENCE_WITH_AN_ANSWER = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final long DEFAULT_RETRY_MILLIS = 1000;

    private final MillraceClient client;
    private final String sender;
    private final Progress progress;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private final TreeMap<Long, Outgoing> unsent = new TreeMap<>();
    private final TreeMap<Long, Outgoing> unanswered = new TreeMap<>();
    private final Map<String, Outgoing> open = new HashMap<>();
    private Link delivery;
    private Link ingest;
    private boolean blocked;
    private boolean closed;
    private long lastHeard;

    public SenderSession(MillraceClient client, String sender, Progress progress) {
        this.client = client;
        this.sender = sender;
        this.progress = progress;
    }

    /** Told what becomes of each message, on the event loop. Exactly one of {@code ended} and {@code refused} comes, and comes last. */
    public interface Progress {
        /** {@code again}: the same message was sent before and no answer came. */
        void sent(Message message, boolean again);

        void accepted(Message message);

        /** The terminal sync event. */
        void ended(Message message, SyncEvent event);

        /** The server did not take it and never will. */
        void refused(Message message, ServerFrame.Error error);

        /** The connection is gone and comes back, unless the reason is a refusal: then this session is over. */
        void lost(Unreachable reason);
    }

    public void add(Message message) {
        var outgoing = new Outgoing(message, bytes(message));
        unsent.put(message.laneSeq(), outgoing);
        open.put(message.id(), outgoing);
        if (delivery == null && !closed) {
            connect();
            watch();
        } else {
            pump();
        }
    }

    public void close() {
        closed = true;
        drop();
    }

    private void connect() {
        if (closed) {
            return;
        }
        delivery = Link.open(client, "/v1/delivery", sender, this::confirmed, () -> {
            ingest = Link.open(client, "/v1/ingest", sender, this::answered, this::ready, this::lost);
        }, this::lost);
    }

    /** Both sockets stand: whatever has no terminal event yet goes out again, in order. */
    private void ready() {
        lastHeard = System.nanoTime();
        open.values().forEach(outgoing -> unsent.put(outgoing.message.laneSeq(), outgoing));
        unanswered.clear();
        blocked = false;
        pump();
    }

    private void pump() {
        while (ingest != null && ingest.isUp() && !blocked && !unsent.isEmpty() && unanswered.size() < WINDOW) {
            if (ingest.isFull()) {
                ingest.onDrain(this::pump);
                return;
            }
            Outgoing next = unsent.pollFirstEntry().getValue();
            unanswered.put(next.message.laneSeq(), next);
            ingest.send(next.frame);
            progress.sent(next.message, next.wasSent);
            next.wasSent = true;
        }
    }

    private void answered(ServerFrame frame) {
        lastHeard = System.nanoTime();
        if (frame instanceof ServerFrame.Accepted accepted) {
            Outgoing outgoing = unanswered.remove(accepted.laneSeq());
            if (outgoing != null) {
                backoff.reset();
                progress.accepted(outgoing.message);
                pump();
            }
        } else if (frame instanceof ServerFrame.Error error && error.ref() != null) {
            Outgoing outgoing = unanswered.remove(error.ref().asLong());
            if (outgoing != null) {
                refused(outgoing, error);
            }
        }
    }

    private void refused(Outgoing outgoing, ServerFrame.Error error) {
        if (error.retryable()) {
            outgoing.wasSent = false;
            unsent.put(outgoing.message.laneSeq(), outgoing);
            pauseFor(error.retryAfterMs() == null ? DEFAULT_RETRY_MILLIS : error.retryAfterMs());
        } else {
            open.remove(outgoing.message.id());
            progress.refused(outgoing.message, error);
            pump();
        }
    }

    private void pauseFor(long millis) {
        if (!blocked) {
            blocked = true;
            client.after(Duration.ofMillis(millis), () -> {
                blocked = false;
                pump();
            });
        }
    }

    private void confirmed(ServerFrame frame) {
        if (frame instanceof ServerFrame.Sync sync && sync.event().state().isTerminal()) {
            lastHeard = System.nanoTime();
            Outgoing outgoing = open.get(sync.event().id());
            if (outgoing != null && outgoing.message.room().equals(sync.event().room())) {
                open.remove(sync.event().id());
                unsent.remove(outgoing.message.laneSeq());
                unanswered.remove(outgoing.message.laneSeq());
                progress.ended(outgoing.message, sync.event());
                pump();
            }
        }
    }

    private void lost(Unreachable reason) {
        drop();
        progress.lost(reason);
        if (reason.isRefusal()) {
            closed = true;
        } else if (!closed) {
            client.after(backoff.next(), this::connect);
        }
    }

    /** Messages wait and nothing is heard any more: an event may have gone by before this client listened. A resend asks for it. */
    private void watch() {
        client.after(BETWEEN_LOOKS, () -> {
            boolean overdue = ingest != null && ingest.isUp() && open.values().stream().anyMatch(outgoing -> outgoing.wasSent)
                    && System.nanoTime() - lastHeard > PATIENCE_WITH_AN_ANSWER.toNanos();
            if (overdue) {
                lost(Unreachable.forNow("no answer within " + PATIENCE_WITH_AN_ANSWER.toSeconds() + " s"));
            }
            if (!closed) {
                watch();
            }
        });
    }

    private void drop() {
        if (delivery != null) {
            delivery.drop();
        }
        if (ingest != null) {
            ingest.drop();
            ingest = null;
        }
    }

    private static byte[] bytes(Message message) {
        ObjectNode frame = Json.MAPPER.valueToTree(message);
        return Json.bytes(frame.put("op", "send").set("ref", LongNode.valueOf(message.laneSeq())));
    }

    private static final class Outgoing {
        private final Message message;
        private final byte[] frame;
        private boolean wasSent;

        private Outgoing(Message message, byte[] frame) {
            this.message = message;
            this.frame = frame;
        }
    }
}
