package io.millrace.faults;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** What Kafka says of groups and transactions, for whoever reads why something stood still: who has what, what is not read, what is not stable. */
final class ClusterReport {
    private final Admin admin;

    private ClusterReport(Admin admin) {
        this.admin = admin;
    }

    /** In place of a report, why there is none. */
    static String of(String bootstrap) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return new ClusterReport(admin).report();
        } catch (ExecutionException e) {
            return "unable to ask Kafka; " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private String report() throws ExecutionException, InterruptedException {
        var report = new StringBuilder();
        var groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream().map(GroupListing::groupId).toList();
        for (ConsumerGroupDescription group : new TreeMap<>(admin.describeConsumerGroups(groups).all().get()).values()) {
            report.append(group.groupId()).append(' ').append(group.groupState()).append('\n');
            group.members().forEach(member -> report.append("  ").append(member.groupInstanceId().orElse(member.consumerId())).append(" has ")
                    .append(member.assignment().topicPartitions()).append('\n'));
            report.append("  behind ").append(behind(group.groupId())).append('\n');
        }
        report.append("not stable ").append(unstable()).append('\n');
        return report.append("transactions ").append(admin.listTransactions().all().get()).append('\n').toString();
    }

    private Map<TopicPartition, String> behind(String group) throws ExecutionException, InterruptedException {
        var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        var ends = ends(committed.keySet(), IsolationLevel.READ_UNCOMMITTED);
        return shown(committed.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset())), ends);
    }

    private Map<TopicPartition, String> unstable() throws ExecutionException, InterruptedException {
        var topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values();
        Set<TopicPartition> all = topics.stream().flatMap(ClusterReport::partitions).collect(Collectors.toSet());
        return shown(ends(all, IsolationLevel.READ_COMMITTED), ends(all, IsolationLevel.READ_UNCOMMITTED));
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition.partition()));
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, IsolationLevel isolation) throws ExecutionException, InterruptedException {
        var asked = partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all().get().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** Where the two differ. */
    private static Map<TopicPartition, String> shown(Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().filter(end -> offsets.get(end.getKey()) < end.getValue())
                .collect(Collectors.toMap(Map.Entry::getKey, end -> offsets.get(end.getKey()) + " of " + end.getValue()));
    }
}
