package io.millrace.streams.room;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.SyncEvent;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * What the sequencer remembers: where each room stands, what became of each id, and who wrote which entry. Kept by the inbox's stream time, so that no message's
 * own time can push others out; whether an outcome still counts is judged by the messages' times (LOG-4). On the stream thread.
 */
final class RoomStores {
    private static final int USUAL_SIZE = 32;
    private final ProcessorContext<?, ?> context;
    private final SequencerSettings settings;
    private final KeyValueStore<byte[], byte[]> rooms;
    private final WindowStore<byte[], byte[]> outcomes;
    private final WindowStore<byte[], byte[]> authors;

    RoomStores(ProcessorContext<?, ?> context, SequencerSettings settings) {
        this.context = context;
        this.settings = settings;
        rooms = context.getStateStore(RoomSequencer.ROOMS);
        outcomes = context.getStateStore(RoomSequencer.OUTCOMES);
        authors = context.getStateStore(RoomSequencer.AUTHORS);
    }

    Optional<RoomSequence> room(String room) {
        var kept = rooms.get(key(room));
        if (kept == null) {
            return Optional.empty();
        }
        var from = new ByteReader(kept);
        return Optional.of(new RoomSequence(from.takeText(), from.takeNumber()));
    }

    void keep(String room, RoomSequence sequence) {
        rooms.put(key(room), new ByteWriter(USUAL_SIZE).putText(sequence.epoch()).putNumber(sequence.seq()).toBytes());
    }

    /** What became of this message when it came before, if that is within the duplicate window (SYN-2). */
    Optional<Outcome> outcome(AcceptedMessage accepted) {
        var message = accepted.message();
        long now = context.currentStreamTimeMs();
        long oldest = Math.max(0, now - outcomesKeptFor(settings).toMillis());
        try (var found = outcomes.fetch(outcomeKey(accepted), oldest, now)) {
            while (found.hasNext()) {
                var outcome = Outcome.of(message.room(), message.id(), found.next().value);
                if (outcome.covers(accepted.at(), settings.duplicateWindow())) {
                    return Optional.of(outcome);
                }
            }
        }
        return Optional.empty();
    }

    void keep(AcceptedMessage accepted, SyncEvent event) {
        outcomes.put(outcomeKey(accepted), new Outcome(accepted.at(), event).toBytes(), context.currentStreamTimeMs());
    }

    /** Who wrote the create entry that {@code accepted} wants to change, unless it is older than the log keeps entries (LOG-3). */
    Optional<String> author(AcceptedMessage accepted) {
        var message = accepted.message();
        if (message.target() == null) {
            return Optional.empty();
        }
        long now = context.currentStreamTimeMs();
        try (var found = authors.backwardFetch(authorKey(message.room(), message.target()), Math.max(0, now - authorsKeptFor(settings).toMillis()), now)) {
            if (!found.hasNext()) {
                return Optional.empty();
            }
            var from = new ByteReader(found.next().value);
            boolean expired = from.takeInstant().plus(settings.logRetention()).isBefore(accepted.at());
            return expired ? Optional.empty() : Optional.of(from.takeText());
        }
    }

    void keepAuthor(AcceptedMessage accepted, long seq) {
        var value = new ByteWriter(USUAL_SIZE).putInstant(accepted.at()).putText(accepted.sender()).toBytes();
        authors.put(authorKey(accepted.message().room(), seq), value, context.currentStreamTimeMs());
    }

    /** A day more than the window: what waits in a lane or lags behind is older than the stream. */
    static Duration outcomesKeptFor(SequencerSettings settings) {
        return settings.duplicateWindow().plusDays(1);
    }

    static Duration authorsKeptFor(SequencerSettings settings) {
        return settings.logRetention().plusDays(1);
    }

    private static byte[] authorKey(String room, long seq) {
        return new ByteWriter(room.length() + 1 + Long.BYTES).putText(room).putOrdered(seq).toBytes();
    }

    private static byte[] outcomeKey(AcceptedMessage accepted) {
        return key(accepted.message().room() + '\0' + accepted.message().id() + '\0' + accepted.sender());
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
