package io.millrace.contract.topic;

import io.millrace.contract.message.Lane;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.record.AttachmentOutcome;
import io.millrace.contract.record.Discontinuity;
import io.millrace.contract.record.Failure;
import io.millrace.contract.record.HookAttempt;
import io.millrace.contract.record.HookVerdict;
import io.millrace.contract.record.InboxRecord;
import io.millrace.contract.record.LogRecord;
import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.record.SignalRecord;
import io.millrace.contract.record.SyncEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** The catalogue of topics (TOP) for one prefix. All have the same number of partitions, so inbox partition p is log partition p. */
public record Topics(Topic<AcceptedMessage> text, Topic<AcceptedMessage> media, Topic<AttachmentOutcome> attachments,
                     Topic<HookAttempt> hookAttempts, Topic<HookVerdict> hookVerdicts, Topic<InboxRecord> roomInbox, Topic<LogRecord> roomLog,
                     Topic<SyncEvent> syncEvents, Topic<Failure> failures, Topic<Discontinuity> discontinuities,
                     Topic<SignalRecord> roomSignals, Topic<PresenceRecord> presence) {
    public static final String DEFAULT_PREFIX = "chat.";
    public static final int DEFAULT_PARTITIONS = 12;
    /** The largest record: a message of the largest frame and what is wrapped around it on its way. */
    public static final int MAX_RECORD_BYTES = 2 << 20;
    /** The largest failure: whatever could stand on another topic, undecodable, in Base64 (SYN-8). */
    public static final int MAX_FAILURE_BYTES = 4 << 20;
    /** The largest signal: a member's data and what is wrapped around it. */
    private static final int MAX_SIGNAL_BYTES = 16 << 10;
    private static final Duration SIGNAL_RETENTION = Duration.ofMinutes(10);
    private static final Duration COMPACTION = Duration.ofHours(1);
    public static final Duration DEFAULT_LOG_RETENTION = Duration.ofDays(30);

    public static Topics of(String prefix, int partitions, Duration logRetention) {
        return new Topics(
                topic(prefix + "messages.text", AcceptedMessage.class, "io.millrace.message.accepted", partitions, Duration.ofDays(7)),
                topic(prefix + "messages.media", AcceptedMessage.class, "io.millrace.message.accepted", partitions, Duration.ofDays(7)),
                topic(prefix + "attachments", AttachmentOutcome.class, "io.millrace.attachment.outcome", partitions, Duration.ofDays(7)),
                topic(prefix + "hook-attempts", HookAttempt.class, "io.millrace.hook.attempt", partitions, Duration.ofDays(1)),
                topic(prefix + "hook-verdicts", HookVerdict.class, "io.millrace.hook.verdict", partitions, Duration.ofDays(1)),
                topic(prefix + "room-inbox", InboxRecord.class, "io.millrace.room.inbox", partitions, Duration.ofDays(1)),
                topic(prefix + "room-log", LogRecord.class, "io.millrace.room.entry", partitions, logRetention),
                topic(prefix + "sync-events", SyncEvent.class, "io.millrace.message.sync", partitions, Duration.ofDays(7)),
                topic(prefix + "failures", Failure.class, "io.millrace.message.failed", partitions, Duration.ofDays(30)),
                topic(prefix + "discontinuities", Discontinuity.class, "io.millrace.room.discontinuity", partitions, Duration.ofDays(30)),
                ephemeral(prefix + "room-signals", SignalRecord.class, "io.millrace.room.signal", partitions),
                compacted(prefix + "presence", PresenceRecord.class, "io.millrace.room.presence", partitions, logRetention));
    }

    public Topic<AcceptedMessage> lane(Lane lane) {
        return lane == Lane.TEXT ? text : media;
    }

    public List<Topic<?>> all() {
        return List.of(text, media, attachments, hookAttempts, hookVerdicts, roomInbox, roomLog, syncEvents, failures, discontinuities,
                roomSignals, presence);
    }

    /** The partition of a key among {@code partitions}: the same as every Kafka producer's default for UTF-8 keys. */
    public static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static <V> Topic<V> ephemeral(String name, Class<V> valueType, String eventType, int partitions) {
        String minutes = Long.toString(SIGNAL_RETENTION.toMillis());
        return new Topic<>(name, valueType, eventType, partitions, Map.of(
                "cleanup.policy", "delete",
                "max.message.bytes", Integer.toString(MAX_SIGNAL_BYTES),
                "retention.ms", minutes,
                "segment.ms", minutes,
                "message.timestamp.type", "CreateTime"));
    }

    /** The last record of each key is kept, for as long as the room's log is; who follows reads it whole, so it is compacted soon. */
    private static <V> Topic<V> compacted(String name, Class<V> valueType, String eventType, int partitions, Duration retention) {
        String soon = Long.toString(COMPACTION.toMillis());
        return new Topic<>(name, valueType, eventType, partitions, Map.of(
                "cleanup.policy", "compact,delete",
                "max.message.bytes", Integer.toString(MAX_SIGNAL_BYTES),
                "retention.ms", Long.toString(retention.toMillis()),
                "segment.ms", soon,
                "delete.retention.ms", soon,
                "min.cleanable.dirty.ratio", "0.1",
                "message.timestamp.type", "CreateTime"));
    }

    private static <V> Topic<V> topic(String name, Class<V> valueType, String eventType, int partitions, Duration retention) {
        return new Topic<>(name, valueType, eventType, partitions, Map.of(
                "cleanup.policy", "delete",
                "max.message.bytes", Integer.toString(valueType == Failure.class ? MAX_FAILURE_BYTES : MAX_RECORD_BYTES),
                "retention.ms", Long.toString(retention.toMillis()),
                "message.timestamp.type", "CreateTime"));
    }
}
