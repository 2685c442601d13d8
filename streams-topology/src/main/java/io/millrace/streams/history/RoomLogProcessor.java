package io.millrace.streams.history;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.pages.Head.Placement;
import io.millrace.streams.history.pages.LogLine;
import io.millrace.streams.history.pages.PageKeeper;
import io.millrace.streams.history.pages.Pruner;
import io.millrace.streams.history.pages.ViewStore;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Puts the records of one log partition into the view's store and prunes it; owned by its stream thread. */
final class RoomLogProcessor implements Processor<byte[], byte[], Void, Void> {
    private static final long NOWHERE = -1;

    private final HistorySettings settings;
    private final int partitionCount;
    private final long retentionMillis;
    private final ViewPartitions<ViewPartition> partitions;
    private final HistoryMeters meters;
    private ProcessorContext<Void, Void> context;
    private PageKeeper keeper;
    private ViewPartition view;
    private Cancellable pruning;
    private long lastOffset;

    RoomLogProcessor(HistorySettings settings, int partitionCount, Duration retention, ViewPartitions<ViewPartition> partitions, HistoryMeters meters) {
        this.settings = settings;
        this.partitionCount = partitionCount;
        this.retentionMillis = retention.toMillis();
        this.partitions = partitions;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        var store = new ViewStore(context.getStateStore(HistoryView.STORE));
        keeper = new PageKeeper(store);
        lastOffset = NOWHERE;
        view = new ViewPartition(store);
        var pruner = new Pruner(store, settings.pruneBatch());
        pruning = context.schedule(settings.pruneInterval(), PunctuationType.WALL_CLOCK_TIME, now -> meters.pruned(pruner.prune(now - retentionMillis)));
        partitions.open(partition(), view);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = context.recordMetadata().orElseThrow().offset();
        if (offset <= lastOffset) {
            keeper.cut(offset); // the consumer found the log cut, as after an unclean election, and went back
        }
        lastOffset = offset;
        try {
            var line = LogLine.read(record.value());
            if (Topics.partition(line.room(), partitionCount) != partition()) {
                throw new LogLine.Unreadable("its room belongs to another partition", null);
            }
            count(keeper.keep(line, offset), offset);
            view.processed(offset, line.room(), line.seq());
        } catch (LogLine.Unreadable e) {
            meters.unreadable(partition(), offset, e);
            view.processed(offset);
        }
    }

    @Override
    public void close() {
        partitions.close(partition(), view);
        pruning.cancel();
    }

    private void count(Placement placement, long offset) {
        if (placement instanceof Placement.Jump jump) {
            meters.jumped(partition(), offset, jump.missing());
        } else if (placement instanceof Placement.Rewound) {
            meters.rewound(partition(), offset);
        } else if (placement instanceof Placement.Contradiction) {
            meters.contradicted(partition(), offset);
        }
    }

    private int partition() {
        return context.taskId().partition();
    }
}
