package io.millrace.streams.lane;

import io.millrace.contract.frame.ErrorCode;
import io.millrace.contract.message.AttachmentRef;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Cause;
import io.millrace.streams.ByteReader;
import io.millrace.streams.ByteWriter;
import io.millrace.streams.lane.queue.Head;
import io.millrace.streams.lane.queue.LaneMessage;
import io.millrace.streams.lane.queue.Need;
import io.millrace.streams.lane.queue.Needs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** What is known of uploads, and which lanes wait for which. An outcome is kept as long as its topic keeps it. On the stream thread. */
final class Uploads implements Needs {
    static final Duration KEPT = Duration.ofDays(7);
    private static final int READY = 1;
    private static final int FAILED = 2;
    private static final int USUAL_SIZE = 64;
    private static final byte[] NOTHING = {};

    private final ProcessorContext<?, ?> context;
    private final WindowStore<byte[], byte[]> outcomes;
    private final KeyValueStore<byte[], byte[]> wakes;
    private final Need otherwise;

    /** {@code otherwise} is what a message needs whose attachments, if any, are ready. */
    Uploads(ProcessorContext<?, ?> context, Need otherwise) {
        this.context = context;
        this.otherwise = otherwise;
        outcomes = context.getStateStore(LaneScheduler.UPLOADS);
        wakes = context.getStateStore(LaneScheduler.WAKES);
    }

    @Override
    public Need of(LaneMessage message) {
        var attachments = message.accepted().message().attachments();
        return attachments == null ? otherwise : of(message.accepted().sender(), attachments);
    }

    private Need of(String sender, List<AttachmentRef> attachments) {
        Set<String> missing = new HashSet<>();
        for (var attachment : attachments) {
            var outcome = outcome(sender, attachment.id());
            if (outcome == null) {
                missing.add(attachment.id());
            } else if (outcome[0] == FAILED) {
                var reason = new ByteReader(outcome);
                reason.takeByte();
                return new Need.Impossible(new Cause(ErrorCode.ATTACHMENT_FAILED, "unable to sync; attachment " + attachment.id() + " has failed",
                        false, reason.takeText()));
            }
        }
        return missing.isEmpty() ? otherwise : new Need.Uploads(missing);
    }

    void keep(AttachmentOutcome outcome) {
        var value = outcome.failure() == null ? new byte[] {READY}
                : new ByteWriter(USUAL_SIZE).putByte(FAILED).putText(outcome.failure().code().name()).toBytes();
        outcomes.put(key(outcome.sender(), outcome.id()), value, context.currentSystemTimeMs());
    }

    /** The lanes whose head waits for this attachment. */
    List<byte[]> waitingFor(String sender, String attachment) {
        List<byte[]> lanes = new ArrayList<>();
        var prefix = Wakes.uploadPrefix(sender, attachment);
        try (var entries = wakes.prefixScan(prefix, new ByteArraySerializer())) {
            entries.forEachRemaining(entry -> lanes.add(Wakes.laneWokenBy(prefix, entry.key)));
        }
        return lanes;
    }

    /** A lane's head has changed, and with it what the lane waits for. */
    void move(LaneKey key, byte[] lane, Head before, Head after) {
        var awaited = before instanceof Head.Uploading uploading ? uploading.attachments() : Set.<String>of();
        var awaiting = after instanceof Head.Uploading uploading ? uploading.attachments() : Set.<String>of();
        awaited.stream().filter(attachment -> !awaiting.contains(attachment)).forEach(attachment -> wakes.delete(Wakes.upload(key.sender(), attachment, lane)));
        awaiting.stream().filter(attachment -> !awaited.contains(attachment)).forEach(attachment -> wakes.put(Wakes.upload(key.sender(), attachment, lane), NOTHING));
    }

    /** The last outcome counts: a later one replaces an earlier one. */
    private byte[] outcome(String sender, String attachment) {
        long now = context.currentSystemTimeMs();
        try (var found = outcomes.backwardFetch(key(sender, attachment), Math.max(0, now - KEPT.toMillis()), now)) {
            return found.hasNext() ? found.next().value : null;
        }
    }

    private static byte[] key(String sender, String attachment) {
        return new ByteWriter(sender.length() + attachment.length() + 2).putText(sender).putText(attachment).toBytes();
    }
}
