package io.millrace.standalone.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Whether somebody runs each of the streams applications, and how far behind it is. */
final class GroupCheck implements Check {
    static final List<String> APPLICATIONS = List.of("lane-scheduler", "room-sequencer", "history-view", "sync-states");
    private static final long MUCH = 10_000;
    private static final String START = "start streams-topology, or see its readiness";

    @Override
    public String name() {
        return "groups";
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (String application : APPLICATIONS) {
            String group = cluster.application(application);
            findings.add(finding("group " + group, cluster, group));
        }
        return findings;
    }

    private static Finding finding(String check, Cluster cluster, String group) throws InterruptedException {
        ConsumerGroupDescription described;
        try {
            described = Cluster.answer(cluster.admin().describeConsumerGroups(List.of(group)).describedGroups().get(group));
        } catch (GroupIdNotFoundException e) {
            return Finding.bad(check, "does not exist", START + "; another millrace.streams.application-prefix is --application-prefix here");
        }
        if (described.groupState() == GroupState.EMPTY || described.groupState() == GroupState.DEAD) {
            return Finding.bad(check, "nobody is in it: messages wait", START);
        }
        long lag = lag(cluster, group);
        String state = (described.members().size() == 1 ? "1 member, " : described.members().size() + " members, ") + lag + " records behind";
        if (described.groupState() != GroupState.STABLE) {
            return Finding.doubtful(check, "is " + described.groupState() + ", " + state, "look again; if it stays so, see the logs of streams-topology");
        }
        return lag > MUCH ? Finding.doubtful(check, state, "see whether it catches up; else add threads or pods") : Finding.good(check, state);
    }

    private static long lag(Cluster cluster, String group) throws InterruptedException {
        var positions = Cluster.answer(cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        positions.values().removeIf(position -> position == null);
        var ends = Cluster.answer(cluster.admin().listOffsets(positions.keySet().stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
        return positions.entrySet().stream().mapToLong(position -> Math.max(0, ends.get(position.getKey()).offset() - position.getValue().offset())).sum();
    }
}
