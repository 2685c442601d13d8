package io.millrace.standalone.failures;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.message.Lane;
import io.millrace.contract.message.Message;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.standalone.client.MillraceClient;
import io.millrace.standalone.client.SenderSession;
import io.millrace.standalone.client.Unreachable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sends failed messages again through ingest, in the order they are given, a session for each sender and lane, and follows each to its
 * final word. Lives on the client's event loop; {@link #done} and {@link #trouble} are for any thread.
 */
public final class Resending {
    private final MillraceClient client;
    private final Consumer<String> out;
    private final String session = "resend-" + UUID.randomUUID();
    private final Map<Place, Queue> queues = new LinkedHashMap<>();
    private final Map<String, StoredFailure> waiting = new HashMap<>();
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private int failed;
    private volatile String trouble;

    /** {@code out} gets a line for each message when its fate is known. */
    public Resending(MillraceClient client, Consumer<String> out) {
        this.client = client;
        this.out = out;
    }

    public void start(List<StoredFailure> failures) {
        failures.forEach(stored -> waiting.put(key(stored.room(), Resent.id(stored.failure())), stored));
        failures.forEach(stored -> queues.computeIfAbsent(new Place(stored.sender(), stored.failure().lane()), Queue::new).add(stored));
        end();
    }

    /** How many did not end as synced, once all have ended; fails with {@link Unreachable} when the server refuses us. */
    public CompletableFuture<Integer> done() {
        return done;
    }

    /** The last thing that was wrong with the connection; null if nothing was. */
    public String trouble() {
        return trouble;
    }

    private void ended(Message message, boolean synced, String fate) {
        var stored = waiting.remove(key(message.room(), message.id()));
        if (stored != null) {
            failed += synced ? 0 : 1;
            out.accept(stored.id() + " as " + message.id() + ": " + fate);
            end();
        }
    }

    private void end() {
        if (waiting.isEmpty()) {
            done.complete(failed);
        }
    }

    private static String key(String room, String id) {
        return room + '\0' + id; // the id holds the sender
    }

    private record Place(String sender, Lane lane) {
    }

    /** One lane of one sender. */
    private final class Queue implements SenderSession.Progress {
        private final SenderSession sending;
        private long laneSeq;

        private Queue(Place place) {
            sending = new SenderSession(client, place.sender(), this);
        }

        private void add(StoredFailure stored) {
            sending.add(Resent.message(stored.failure(), session, ++laneSeq));
        }

        @Override
        public void sent(Message message, boolean again) {
            // its fate is what counts
        }

        @Override
        public void accepted(Message message) {
            // as above
        }

        @Override
        public void ended(Message message, SyncEvent event) {
            boolean synced = event.state() == SyncState.SYNCED;
            Resending.this.ended(message, synced, synced ? "synced in " + message.room() + " as #" + event.seq()
                    : "failed again: " + event.cause().code() + ", " + event.cause().message());
        }

        @Override
        public void refused(Message message, ServerFrame.Error error) {
            Resending.this.ended(message, false, "refused: " + error.code() + ", " + error.message());
        }

        @Override
        public void lost(Unreachable reason) {
            trouble = reason.getMessage();
            if (reason.isRefusal()) {
                done.completeExceptionally(reason);
            }
        }
    }
}
