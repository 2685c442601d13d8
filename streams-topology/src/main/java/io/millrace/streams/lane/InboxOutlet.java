package io.millrace.streams.lane;

import io.millrace.contract.record.Cause;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Writes a lane's decisions to the room inbox, stamped with the time they were made. On the stream thread. */
final class InboxOutlet implements LaneOutlet {
    private final ProcessorContext<byte[], byte[]> context;
    private final Topics topics;
    private final LaneSettings settings;
    private final Outgoing outgoing;

    InboxOutlet(ProcessorContext<byte[], byte[]> context, Topics topics, LaneSettings settings, Outgoing outgoing) {
        this.context = context;
        this.topics = topics;
        this.settings = settings;
        this.outgoing = outgoing;
    }

    @Override
    public void handOn(LaneMessage message) {
        forward(message, InboxValue.of(message.value(), 1, settings.maxAttempts(), List.of(), null));
    }

    @Override
    public void fail(LaneMessage message, Cause cause) {
        forward(message, InboxValue.of(message.value(), 0, settings.maxAttempts(), List.of(), cause));
    }

    private void forward(LaneMessage message, byte[] value) {
        var now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        var id = message.accepted().sender() + "/" + message.room() + "/" + message.id();
        context.forward(outgoing.record(topics.roomInbox(), message.room(), value, id, now, message.trace()), LaneScheduler.INBOX);
    }
}
