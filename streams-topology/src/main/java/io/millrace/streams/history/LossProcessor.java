package io.millrace.streams.history;

import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Counts the discontinuities of each room by reason; one small value per room, for ever. Owned by its stream thread. */
final class LossProcessor implements Processor<byte[], byte[], Void, Void> {
    private final Topic<Discontinuity> discontinuities;
    private final HistoryMeters meters;
    private ProcessorContext<Void, Void> context;
    private KeyValueStore<byte[], byte[]> losses;

    LossProcessor(Topic<Discontinuity> discontinuities, HistoryMeters meters) {
        this.discontinuities = discontinuities;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        losses = context.getStateStore(HistoryView.LOSSES);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = context.recordMetadata().orElseThrow().offset();
        try {
            var found = discontinuities.decode(record.value());
            byte[] room = found.room().getBytes(StandardCharsets.UTF_8);
            losses.put(room, Losses.read(losses.get(room)).with(found, offset).bytes());
        } catch (UndecodableRecord e) {
            meters.unreadable(context.taskId().partition(), offset, e);
        }
    }
}
