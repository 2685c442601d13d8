package io.millrace.streams.runtime;

import io.millrace.streams.history.http.Owner;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/** Finds the instance that owns a key of {@code store}, as Streams' own metadata say; {@code streams} gives Streams once it is there. */
record StoreOwner(String store, Supplier<Optional<KafkaStreams>> streams) implements Owner {
    @Override
    public Optional<HostInfo> of(String key) {
        return streams.get().flatMap(running -> owner(running, key));
    }

    private Optional<HostInfo> owner(KafkaStreams running, String key) {
        try {
            var metadata = running.queryMetadataForKey(store, key, new StringSerializer());
            return metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE) ? Optional.empty() : Optional.of(metadata.activeHost());
        } catch (InvalidStateStoreException e) {
            return Optional.empty(); // Streams is starting or stopping: nobody knows yet
        }
    }
}
