package io.millrace.delivery.follow;

import io.millrace.delivery.continuity.Cursor;
import io.millrace.delivery.continuity.LogFacts;
import io.millrace.delivery.room.LogTruth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Asks the brokers how a topic stands; never blocks. Questions about one partition share answers, but none gets an answer that was asked for
 * before it was: a cursor may be younger than what is on its way.
 */
public final class KafkaTruth implements LogTruth {
    private final LateAdmin admin;
    private final String topic;
    private final int timeoutMs;
    private final EpochEnds epochEnds;
    private final Map<Integer, Shared<LogSnapshot>> asked = new ConcurrentHashMap<>();

    public KafkaTruth(LateAdmin admin, String topic, Duration timeout, EpochEnds epochEnds) {
        this.admin = admin;
        this.topic = topic;
        this.epochEnds = epochEnds;
        this.timeoutMs = Math.toIntExact(timeout.toMillis());
    }

    @Override
    public CompletionStage<LogFacts> ask(int partition) {
        return snapshot(partition).thenApply(snapshot -> snapshot.facts(true));
    }

    @Override
    public CompletionStage<Long> epochEnd(int partition, int epoch, int now) {
        return epochEnds.ask(new TopicPartition(topic, partition), epoch, now);
    }

    CompletionStage<LogSnapshot> snapshot(int partition) {
        return asked.computeIfAbsent(partition, at -> new Shared<>(() -> read(at))).ask();
    }

    /** Which topic goes by the name now. */
    public CompletionStage<TopicIdentity> identity() {
        return describe().thenApply(topic -> new TopicIdentity(id(topic.topicId()), topic.partitions().size()));
    }

    private CompletionStage<TopicDescription> describe() {
        return admin.ask(kafka -> kafka.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(timeoutMs)).topicNameValues().get(topic).toCompletionStage());
    }

    private CompletionStage<LogSnapshot> read(int partition) {
        var begin = offset(partition, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        var lastStable = offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        var end = offset(partition, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        return describe().thenCompose(topic -> begin.thenCompose(first -> lastStable.thenCombine(end, (stable, last) ->
                new LogSnapshot(id(topic.topicId()), partition, topic.partitions().size(), first.offset(), stable.offset(), last.offset(),
                        last.leaderEpoch().orElse(Cursor.NO_EPOCH)))));
    }

    private CompletionStage<ListOffsetsResultInfo> offset(int partition, OffsetSpec spec, IsolationLevel isolation) {
        var at = new TopicPartition(topic, partition);
        var options = new ListOffsetsOptions(isolation).timeoutMs(timeoutMs);
        return admin.ask(kafka -> kafka.listOffsets(Map.of(at, spec), options).partitionResult(at).toCompletionStage());
    }

    private static UUID id(Uuid topicId) {
        return new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits());
    }

    public record TopicIdentity(UUID topicId, int partitions) {
    }
}
