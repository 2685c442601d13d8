package io.millrace.ingest.lateness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks Kafka how far the stages have come; a few requests for all of them together. Blocks its thread. */
final class PipelineOffsets {
    private final List<Stage> stages;
    private final List<TopicPartition> partitions = new ArrayList<>();

    PipelineOffsets(List<Stage> stages) {
        this.stages = List.copyOf(stages);
        stages.forEach(stage -> partitions.addAll(stage.reads()));
    }

    /** {@code young}: records of this time and later are not late yet. */
    Map<TopicPartition, Offsets> ask(Admin admin, Instant young) throws ExecutionException, InterruptedException {
        var groups = stages.stream().collect(Collectors.toMap(Stage::group, stage -> new ListConsumerGroupOffsetsSpec().topicPartitions(stage.reads())));
        var committed = admin.listConsumerGroupOffsets(groups);
        var youngest = admin.listOffsets(to(partition -> OffsetSpec.forTimestamp(young.toEpochMilli())));
        var ends = admin.listOffsets(to(partition -> OffsetSpec.latest())).all().get();
        var firstYoung = youngest.all().get();
        Map<TopicPartition, Offsets> found = new HashMap<>();
        for (var stage : stages) {
            Map<TopicPartition, OffsetAndMetadata> processed = committed.partitionsToOffsetAndMetadata(stage.group()).get();
            for (var partition : stage.reads()) {
                var at = processed.get(partition);
                found.put(partition, new Offsets(at == null ? Offsets.NONE : at.offset(), firstYoung.get(partition).offset(), ends.get(partition).offset()));
            }
        }
        return found;
    }

    private Map<TopicPartition, OffsetSpec> to(Function<TopicPartition, OffsetSpec> question) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, question));
    }
}
