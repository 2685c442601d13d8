package io.millrace.streams.runtime;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Keeps block cache and write buffers of all stores of a process within one amount of memory (HIS-4): by default each store of each
 * partition takes its own 100 MB. Streams makes one per store; the shared {@link Memory} comes with the properties.
 */
public final class BoundedRocks implements RocksDBConfigSetter {
    static final String MEMORY = "millrace.rocksdb.memory";
    private static final int WRITE_BUFFER_BYTES = 4 << 20;
    private static final int ARENA_BLOCK_BYTES = 64 << 10;

    @Override
    public void setConfig(String store, Options options, Map<String, Object> properties) {
        var memory = (Memory) properties.get(MEMORY);
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setArenaBlockSize(ARENA_BLOCK_BYTES); // by default an eighth of the buffer, taken for the first byte written
    }

    @Override
    public void close(String store, Options options) {
        // cache and write buffers outlive the store: others use them
    }

    /** Native memory shared by all stores; closed after the last of them. Write buffers are counted as part of the cache. */
    static final class Memory implements AutoCloseable {
        private final Cache cache;
        private final WriteBufferManager writeBuffers;

        Memory(long bytes) {
            RocksDB.loadLibrary();
            cache = new LRUCache(bytes);
            writeBuffers = new WriteBufferManager(bytes / 2, cache);
        }

        @Override
        public void close() {
            writeBuffers.close();
            cache.close();
        }
    }
}
