package io.millrace.streams.room;

import io.millrace.contract.message.Action;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.topic.Topic.UndecodableRecord;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import io.millrace.streams.Parking;
import io.millrace.streams.WritePathMeters;
import io.millrace.tracing.MessageSpan;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Gives each inbox record its one outcome and writes it down: entry, terminal event, failure, state (SYN-9). On the stream thread. */
final class RoomProcessor implements Processor<byte[], byte[], byte[], Object> {
    private final Topics topics;
    private final SequencerSettings settings;
    private final WritePathMeters meters;
    private final Tracing tracing;
    private final Outgoing outgoing = new Outgoing(RoomSequencer.APPLICATION);
    private ProcessorContext<byte[], Object> context;
    private RoomStores stores;
    private Parking parking;

    RoomProcessor(Topics topics, SequencerSettings settings, WritePathMeters meters, Tracing tracing) {
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        stores = new RoomStores(context, settings);
        parking = new Parking(topics.failures(), outgoing);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var stood = context.recordMetadata().orElseThrow();
        InboxRecord inbox;
        try {
            inbox = topics.roomInbox().decode(record.value());
        } catch (UndecodableRecord e) {
            meters.parked(stood.topic());
            context.forward(parking.park(record, stood), RoomSequencer.FAILURES);
            return;
        }
        var position = new InboxPosition(stood.partition(), stood.offset());
        var ruling = rule(inbox, position, Instant.ofEpochMilli(record.timestamp()));
        var step = step(ruling, record);
        write(inbox, ruling, position, step.context());
        step.end(Instant.ofEpochMilli(context.currentSystemTimeMs()));
        count(inbox, ruling);
    }

    /** What is recognised is a step of its own: it must not stand in the place of the one that gave the outcome. */
    private MessageSpan step(Ruling ruling, Record<byte[], byte[]> record) {
        var step = tracing.step(ruling instanceof Ruling.Repeated ? "room repeat" : "room sequence", TraceContext.of(record.headers()), Instant.ofEpochMilli(record.timestamp()));
        if (step.isRecorded()) {
            var event = ruling.event();
            step.with("millrace.message.id", event.id()).with("millrace.room", event.room()).with("millrace.state", event.state().name().toLowerCase(Locale.ROOT));
            if (event.seq() != null) {
                step.with("millrace.seq", event.seq());
            }
        }
        return ruling instanceof Ruling.Failed failed ? step.failed(failed.event().cause().code().name()) : step;
    }

    private void count(InboxRecord inbox, Ruling ruling) {
        var sinceAcceptance = Duration.between(inbox.accepted().at(), ruling.event().at());
        if (ruling instanceof Ruling.Appended) {
            meters.synced(sinceAcceptance);
        } else if (ruling instanceof Ruling.Failed) {
            meters.failed(ruling.event().cause().code(), sinceAcceptance);
        } else {
            meters.repeated();
        }
    }

    private Ruling rule(InboxRecord inbox, InboxPosition position, Instant decidedAt) {
        var accepted = inbox.accepted();
        var known = stores.outcome(accepted);
        if (known.isPresent()) {
            return new Ruling.Repeated(known.get().event());
        }
        var name = accepted.message().room();
        var room = stores.room(name).orElseGet(() -> RoomSequence.begin(name, position, accepted.at()));
        var ruling = RoomJudge.judge(inbox, room, stores.author(accepted), decidedAt);
        if (ruling instanceof Ruling.Appended appended) {
            stores.keep(name, room.next());
            if (accepted.message().action() == Action.CREATE) {
                stores.keepAuthor(accepted, appended.entry().seq());
            }
        }
        stores.keep(accepted, ruling.event());
        return ruling;
    }

    private void write(InboxRecord inbox, Ruling ruling, InboxPosition position, TraceContext trace) {
        var accepted = inbox.accepted();
        var event = ruling.event();
        if (ruling instanceof Ruling.Appended appended) {
            var entry = appended.entry();
            var line = new LogLine(position.partition(), topics.roomLog().encode(entry));
            var id = entry.room() + "/" + entry.epoch() + "/" + entry.seq();
            context.forward(outgoing.record(topics.roomLog(), entry.room(), line, id, accepted.at(), trace), RoomSequencer.LOG);
        }
        var id = accepted.sender() + "/" + event.room() + "/" + event.id();
        if (ruling instanceof Ruling.Failed failed) {
            var value = topics.failures().encode(failed.failure());
            context.forward(outgoing.record(topics.failures(), accepted.sender(), value, id, event.at(), trace), RoomSequencer.FAILURES);
        }
        var value = topics.syncEvents().encode(event);
        context.forward(outgoing.record(topics.syncEvents(), accepted.sender(), value, id, event.at(), trace), RoomSequencer.EVENTS);
    }
}
