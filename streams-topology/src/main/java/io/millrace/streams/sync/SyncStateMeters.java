package io.millrace.streams.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.streams.history.ViewPartitions;
import org.jboss.logging.Logger;

/**
 * What the store of sync states counts. Events read = {@code kept} + {@code outdone} (not final, after the final one) + {@code unreadable} +
 * those that were too old when they were read; what a crash makes it read again is counted again.
 */
public final class SyncStateMeters {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.sync");

    private final MeterRegistry registry;
    private final Counter kept;
    private final Counter outdone;
    private final Counter unreadable;
    private final Counter pruned;

    public SyncStateMeters(MeterRegistry registry) {
        this.registry = registry;
        kept = registry.counter("millrace.sync.states.kept");
        outdone = registry.counter("millrace.sync.states.outdone");
        unreadable = registry.counter("millrace.sync.states.unreadable");
        pruned = registry.counter("millrace.sync.states.pruned");
    }

    /** {@code waiting}: questions that wait for the store to come as far as they ask. */
    public void watch(ViewPartitions<StatesPartition> partitions) {
        Gauge.builder("millrace.sync.states.waiting", partitions, ViewPartitions::waiting).register(registry);
    }

    void read(boolean wasKept) {
        (wasKept ? kept : outdone).increment();
    }

    void unreadable(int partition, long offset) {
        unreadable.increment();
        LOG.debugf("unable to read a sync event; it is no SyncEvent of this partition; partition %d, offset %d", partition, offset);
    }

    void pruned(int states) {
        pruned.increment(states);
    }
}
