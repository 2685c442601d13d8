package io.millrace.streams.history;

import io.millrace.contract.topic.Topics;
import io.millrace.streams.history.Head.Placement;
import io.millrace.streams.history.ViewStore.Due;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Puts the records of one log partition into the view's store and prunes it; owned by its stream thread. */
final class RoomLogProcessor implements Processor<byte[], byte[], Void, Void> {
    private final HistorySettings settings;
    private final int partitionCount;
    private final long retentionMillis;
    private final ViewPartitions partitions;
    private final HistoryMeters meters;
    private ProcessorContext<Void, Void> context;
    private ViewStore store;
    private ViewPartition view;
    private Cancellable pruning;

    RoomLogProcessor(HistorySettings settings, int partitionCount, Duration retention, ViewPartitions partitions, HistoryMeters meters) {
        this.settings = settings;
        this.partitionCount = partitionCount;
        this.retentionMillis = retention.toMillis();
        this.partitions = partitions;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        store = new ViewStore(context.getStateStore(HistoryView.STORE));
        view = new ViewPartition(store);
        var pruner = new Pruner(store, settings.pruneBatch());
        pruning = context.schedule(settings.pruneInterval(), PunctuationType.WALL_CLOCK_TIME, now -> meters.pruned(pruner.prune(now - retentionMillis)));
        partitions.open(partition(), view);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = context.recordMetadata().orElseThrow().offset();
        try {
            var line = LogLine.read(record.value());
            if (Topics.partition(line.room(), partitionCount) != partition()) {
                throw new LogLine.Unreadable("its room belongs to another partition", null);
            }
            put(line, offset);
            view.processed(offset, line.room(), line.seq());
        } catch (LogLine.Unreadable e) {
            meters.unreadable(partition(), offset, e);
            view.processed(offset, null, 0);
        }
    }

    @Override
    public void close() {
        partitions.close(partition(), view);
        pruning.cancel();
    }

    private void put(LogLine line, long offset) {
        var head = store.head(line.room());
        if (head == null) {
            begin(line, offset, Head.first(line, offset));
            return;
        }
        var placement = head.place(line, offset);
        if (placement instanceof Placement.Next next) {
            if (head.isEmpty()) {
                begin(line, offset, next.head());
            } else {
                append(line, offset, next.head());
            }
        } else if (placement instanceof Placement.NewEpoch anew) {
            store.put(new Due(Long.MIN_VALUE, line.room(), head.epoch(), 0));
            begin(line, offset, anew.head());
        } else if (placement instanceof Placement.Jump jump) {
            meters.jumped(partition(), offset, line.seq() - head.seq() - 1);
            begin(line, offset, jump.head());
        } else if (placement instanceof Placement.Replay) {
            store.put(line, offset);
        } else if (placement instanceof Placement.Contradiction) {
            meters.contradicted(partition(), offset);
        }
    }

    /** The first entry of a run: noted as the next one to be pruned. */
    private void begin(LogLine line, long offset, Head head) {
        store.put(new Due(line.atMillis(), line.room(), line.epoch(), line.seq()));
        append(line, offset, head);
    }

    /** The entry before the head: a reader that sees a head finds the entry. */
    private void append(LogLine line, long offset, Head head) {
        store.put(line, offset);
        store.put(line.room(), head);
    }

    private int partition() {
        return context.taskId().partition();
    }
}
