package io.millrace.streams.lane;

import io.millrace.contract.record.Cause;
import io.millrace.contract.record.FailedAttempt;
import io.millrace.contract.record.SyncEvent;
import io.millrace.contract.record.SyncState;
import io.millrace.contract.topic.Topics;
import io.millrace.streams.Outgoing;
import io.millrace.streams.WritePathMeters;
import io.millrace.streams.lane.queue.LaneMessage;
import io.millrace.streams.lane.queue.LaneOutlet;
import io.millrace.streams.lane.queue.LaneSettings;
import io.millrace.tracing.Tracing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Writes a lane's decisions to their topics, stamped with the time they were made. On the stream thread. */
final class TopicOutlet implements LaneOutlet {
    private static final String STEP = "lane schedule";

    private final ProcessorContext<byte[], byte[]> context;
    private final Topics topics;
    private final int maxAttempts;
    private final Outgoing outgoing;
    private final WritePathMeters meters;
    private final Tracing tracing;

    TopicOutlet(ProcessorContext<byte[], byte[]> context, Topics topics, LaneSettings settings, Outgoing outgoing, WritePathMeters meters,
            Tracing tracing) {
        this.context = context;
        this.topics = topics;
        this.maxAttempts = settings.attempts().most();
        this.outgoing = outgoing;
        this.meters = meters;
        this.tracing = tracing;
    }

    @Override
    public void handOn(LaneMessage message, List<FailedAttempt> failed) {
        toInbox(message, SplicedValue.inbox(message.value(), failed.size() + 1, maxAttempts, failed, null), failed.size() + 1, null);
    }

    @Override
    public void fail(LaneMessage message, List<FailedAttempt> failed, Cause cause) {
        toInbox(message, SplicedValue.inbox(message.value(), failed.size(), maxAttempts, failed, cause), failed.size(), cause);
    }

    @Override
    public void absorb(LaneMessage message) {
        meters.absorbed();
    }

    @Override
    public void tellUploading(LaneMessage message) {
        tell(message, SyncState.UPLOADING, 0, null, null);
    }

    @Override
    public void tellSyncing(LaneMessage message, FailedAttempt last, long nextAttemptAt) {
        meters.attemptFailed();
        tell(message, SyncState.SYNCING, last.attempt(), Instant.ofEpochMilli(nextAttemptAt), last.cause());
    }

    @Override
    public void ask(LaneMessage message, int attempt) {
        var value = SplicedValue.hookAttempt(message.value(), attempt);
        context.forward(outgoing.record(topics.hookAttempts(), message.accepted().sender(), value, eventId(message) + "/" + attempt, now(),
                tracing.within(STEP, message.trace())), LaneScheduler.HOOK);
    }

    private void toInbox(LaneMessage message, byte[] value, int attempts, Cause cause) {
        var step = tracing.step(STEP, message.trace(), Instant.ofEpochMilli(message.arrivedAt()));
        if (step.isRecorded()) {
            step.with("millrace.lane", message.accepted().message().lane().wireName()).with("millrace.attempts", attempts);
        }
        if (cause != null) {
            step.failed(cause.code().name());
        }
        context.forward(outgoing.record(topics.roomInbox(), message.room(), value, eventId(message), now(), step.context()), LaneScheduler.INBOX);
        step.end(now());
    }

    private void tell(LaneMessage message, SyncState state, int attempt, Instant nextAttemptAt, Cause cause) {
        var sent = message.accepted().message();
        var event = new SyncEvent(sent.id(), sent.room(), sent.session(), sent.lane(), sent.laneSeq(), state, attempt, maxAttempts, nextAttemptAt,
                cause, null, null, now());
        var id = eventId(message) + "/" + state.name().toLowerCase(Locale.ROOT) + "/" + attempt;
        context.forward(outgoing.record(topics.syncEvents(), message.accepted().sender(), topics.syncEvents().encode(event), id, event.at(), message.trace()),
                LaneScheduler.EVENTS);
    }

    private static String eventId(LaneMessage message) {
        return message.accepted().sender() + "/" + message.room() + "/" + message.id();
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
