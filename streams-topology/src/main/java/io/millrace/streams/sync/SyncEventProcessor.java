package io.millrace.streams.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.HistorySettings;
import io.millrace.streams.history.ViewPartitions;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Puts the sync events of one partition into the store and prunes it; owned by its stream thread. */
final class SyncEventProcessor implements Processor<byte[], byte[], Void, Void> {
    private final HistorySettings settings;
    private final Topic<SyncEvent> topic;
    private final ViewPartitions<StatesPartition> partitions;
    private final SyncStateMeters meters;
    private ProcessorContext<Void, Void> context;
    private StateStore store;
    private StatesPartition view;
    private Cancellable pruning;

    SyncEventProcessor(HistorySettings settings, Topic<SyncEvent> topic, ViewPartitions<StatesPartition> partitions, SyncStateMeters meters) {
        this.settings = settings;
        this.topic = topic;
        this.partitions = partitions;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        store = new StateStore(context.getStateStore(SyncStates.STORE));
        view = new StatesPartition(store);
        pruning = context.schedule(settings.pruneInterval(), PunctuationType.WALL_CLOCK_TIME, now -> meters.pruned(store.prune(oldest(now), settings.pruneBatch())));
        partitions.open(partition(), view);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = context.recordMetadata().orElseThrow().offset();
        var event = event(record);
        if (event == null) {
            meters.unreadable(partition(), offset);
        } else if (event.at().toEpochMilli() >= oldest(context.currentSystemTimeMs())) {
            meters.read(store.keep(new String(record.key(), UTF_8), event));
        }
        view.processed(offset);
    }

    @Override
    public void close() {
        partitions.close(partition(), view);
        pruning.cancel();
    }

    /** Null for what is no sync event of this partition. */
    private SyncEvent event(Record<byte[], byte[]> record) {
        if (record.key() == null || Topics.partition(new String(record.key(), UTF_8), topic.partitions()) != partition()) {
            return null;
        }
        try {
            var event = topic.decode(record.value());
            return event.id() == null || event.room() == null || event.state() == null || event.at() == null ? null : event;
        } catch (UndecodableRecord e) {
            return null;
        }
    }

    private long oldest(long nowMillis) {
        return nowMillis - topic.retention().toMillis();
    }

    private int partition() {
        return context.taskId().partition();
    }
}
