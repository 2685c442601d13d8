package io.millrace.streams;

import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/** Where a topology's state lives beside its changelog; the same for all of its stores. */
public enum StoreKind {
    ON_DISK {
        @Override
        KeyValueBytesStoreSupplier keyValueSupplier(String name) {
            return Stores.persistentKeyValueStore(name);
        }

        @Override
        WindowBytesStoreSupplier windowSupplier(String name, Duration kept) {
            return Stores.persistentWindowStore(name, kept, INSTANT, false);
        }
    },
    IN_MEMORY {
        @Override
        KeyValueBytesStoreSupplier keyValueSupplier(String name) {
            return Stores.inMemoryKeyValueStore(name);
        }

        @Override
        WindowBytesStoreSupplier windowSupplier(String name, Duration kept) {
            return Stores.inMemoryWindowStore(name, kept, INSTANT, false);
        }
    };

    private static final Duration INSTANT = Duration.ofMillis(1);

    public StoreBuilder<KeyValueStore<byte[], byte[]>> keyValue(String name) {
        return Stores.keyValueStoreBuilder(keyValueSupplier(name), Serdes.ByteArray(), Serdes.ByteArray());
    }

    /** Each value stands at its time and is dropped once the store has seen times {@code kept} later. */
    public StoreBuilder<WindowStore<byte[], byte[]>> expiring(String name, Duration kept) {
        return Stores.windowStoreBuilder(windowSupplier(name, kept), Serdes.ByteArray(), Serdes.ByteArray());
    }

    abstract KeyValueBytesStoreSupplier keyValueSupplier(String name);

    abstract WindowBytesStoreSupplier windowSupplier(String name, Duration kept);
}
