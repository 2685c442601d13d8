package io.millrace.streams.history;

import io.millrace.contract.history.LossAnswer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** Answers what clients of a room were not given (CON-6), out of the stores this process owns; any thread. */
public final class LossReader {
    private LossReader() {
    }

    /** Throws {@link org.apache.kafka.streams.errors.InvalidStateStoreException} while partitions move. */
    public static LossAnswer read(KafkaStreams streams, String room) {
        var store = streams.store(StoreQueryParameters.fromNameAndType(HistoryView.LOSSES, QueryableStoreTypes.<byte[], byte[]>keyValueStore()));
        return new LossAnswer(room, Losses.read(store.get(room.getBytes(StandardCharsets.UTF_8))).losses());
    }
}
