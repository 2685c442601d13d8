package io.millrace.streams.lane;

import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.HookVerdict;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import io.millrace.streams.Parking;
import io.millrace.streams.WritePathMeters;
import io.millrace.streams.lane.queue.LaneMessage;
import io.millrace.streams.lane.queue.LaneQueue;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.streams.lane.queue.Need;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes each record to the lane it is about. On the stream thread. */
final class LaneProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final Topics topics;
    private final LaneSettings settings;
    private final WritePathMeters meters;
    private final Tracing tracing;
    private final Outgoing outgoing = new Outgoing(LaneScheduler.APPLICATION);
    private ProcessorContext<byte[], byte[]> context;
    private Uploads uploads;
    private Lanes lanes;
    private Parking parking;

    LaneProcessor(Topics topics, LaneSettings settings, WritePathMeters meters, Tracing tracing) {
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        uploads = new Uploads(context, settings.attempts().hook() ? Need.VERDICT : Need.NOTHING);
        var outlet = new TopicOutlet(context, topics, settings, outgoing, meters, tracing);
        lanes = new Lanes(context, settings, topics.text(), outlet, uploads, meters);
        parking = new Parking(topics.failures(), outgoing);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var stood = context.recordMetadata().orElseThrow();
        Runnable event;
        try {
            event = event(record, stood.topic());
        } catch (UndecodableRecord e) {
            meters.parked(stood.topic());
            context.forward(parking.park(record, stood), LaneScheduler.FAILURES);
            return;
        }
        event.run();
    }

    @Override
    public void close() {
        if (lanes != null) {
            lanes.close();
        }
    }

    private Runnable event(Record<byte[], byte[]> record, String topic) {
        if (topic.equals(topics.attachments().name())) {
            var outcome = topics.attachments().decode(record.value());
            return () -> uploaded(outcome);
        }
        if (topic.equals(topics.hookVerdicts().name())) {
            var verdict = topics.hookVerdicts().decode(record.value());
            return () -> verdict(verdict);
        }
        var accepted = topics.text().decode(record.value());
        return () -> arrive(accepted, record);
    }

    private void arrive(AcceptedMessage accepted, Record<byte[], byte[]> record) {
        meters.arrived();
        long now = context.currentSystemTimeMs();
        var laneSeq = accepted.message().laneSeq();
        lanes.decide(LaneKey.of(accepted), (queue, state) -> {
            long position = laneSeq == null ? LaneQueue.positionByArrival(state) : laneSeq;
            queue.arrive(new LaneMessage(position, now, accepted, record.value(), TraceContext.of(record.headers())), now);
        });
    }

    private void uploaded(AttachmentOutcome outcome) {
        long now = context.currentSystemTimeMs();
        uploads.keep(outcome);
        uploads.waitingFor(outcome.sender(), outcome.id()).forEach(lane -> lanes.decide(LaneKey.of(lane), (queue, state) -> queue.uploaded(now)));
    }

    private void verdict(HookVerdict verdict) {
        long now = context.currentSystemTimeMs();
        var lane = new LaneKey(verdict.sender(), verdict.session(), verdict.lane(), verdict.laneSeq() != null);
        lanes.decide(lane, (queue, state) -> queue.verdict(verdict, now));
    }
}
