package io.millrace.standalone.doctor;

import io.millrace.contract.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** How safe the topics are: copies, how many must have a record before it counts, and whether they are all there now. */
final class ReplicaCheck implements Check {
    private static final int ENOUGH = 3;

    @Override
    public String name() {
        return "replicas";
    }

    /** One by one: the rights of a service are for its own topics only. What cannot be looked at, the check of the topics tells. */
    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        int brokers = Cluster.answer(cluster.admin().describeCluster().nodes()).size();
        List<Finding> findings = new ArrayList<>();
        if (brokers < ENOUGH) {
            findings.add(Finding.doubtful(name(), brokers + (brokers == 1 ? " broker: its disk is all there is" : " brokers: accepted messages have two copies at most"), "run three where messages matter"));
        }
        int seen = 0;
        for (String name : names(cluster)) {
            try {
                var topic = Cluster.answer(cluster.admin().describeTopics(List.of(name)).topicNameValues().get(name));
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
                var config = Cluster.answer(cluster.admin().describeConfigs(List.of(resource)).values().get(resource));
                judge(topic, brokers, config, findings);
                seen++;
            } catch (AuthorizationException | UnknownTopicOrPartitionException e) {
                // Kafka's own topics come with their first use
            }
        }
        return findings.isEmpty() ? List.of(Finding.good(name(), seen + " topics, all in sync, 2 copies at least before a record counts")) : findings;
    }

    private static List<String> names(Cluster cluster) {
        return Stream.concat(cluster.topics().all().stream().map(Topic::name), Stream.of("__consumer_offsets", "__transaction_state")).toList();
    }

    private static void judge(TopicDescription topic, int brokers, Config config, List<Finding> findings) {
        if ("true".equals(config.get("unclean.leader.election.enable").value())) {
            findings.add(Finding.bad("topic " + topic.name(), "unclean.leader.election.enable is true: accepted messages can be lost", "set it to false"));
        }
        judge(topic, brokers, Integer.parseInt(config.get("min.insync.replicas").value()), findings);
    }

    private static void judge(TopicDescription topic, int brokers, int insync, List<Finding> findings) {
        String name = "topic " + topic.name();
        int copies = topic.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0);
        long leaderless = topic.partitions().stream().filter(partition -> partition.leader() == null || partition.leader().isEmpty()).count();
        long behind = topic.partitions().stream().filter(partition -> partition.isr().size() < partition.replicas().size()).count();
        if (leaderless > 0) {
            findings.add(Finding.bad(name, leaderless + " partitions have no leader: nothing can be read or written there", "bring the brokers back that have them"));
        } else if (behind > 0) {
            findings.add(Finding.doubtful(name, behind + " partitions have copies that are behind", "see which broker is away or slow"));
        }
        if (copies < Math.min(ENOUGH, brokers)) {
            findings.add(Finding.bad(name, copies + " of " + Math.min(ENOUGH, brokers) + " copies on " + brokers + " brokers", "kafka-reassign-partitions.sh"));
        } else if (copies < ENOUGH) {
            return; // too few brokers for more, which is told once
        } else if (insync < 2) {
            findings.add(Finding.bad(name, "min.insync.replicas is 1: what was accepted may stand on one broker alone", "set it to 2"));
        } else if (insync >= copies) {
            findings.add(Finding.doubtful(name, "min.insync.replicas is " + insync + " of " + copies + ": nothing is accepted while one broker is away", "set it to " + (copies - 1)));
        }
    }
}
