package io.millrace.standalone.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka allows whoever asks, against what the services need; run it with a service's own credentials. */
final class RightsCheck implements Check {
    private static final Set<AclOperation> EVERYTHING = EnumSet.allOf(AclOperation.class);

    private final Set<Rights.Service> services;

    RightsCheck(Set<Rights.Service> services) {
        this.services = new TreeSet<>(services);
    }

    @Override
    public String name() {
        return "rights";
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        Map<Rights.Right, Set<AclOperation>> known = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        for (var service : services) {
            var missing = new ArrayList<String>();
            for (var right : Rights.of(service, cluster)) {
                var allowed = allowed(cluster.admin(), right, known);
                var lacking = right.operations().stream().filter(operation -> !allowed.contains(operation)).map(AclOperation::name).sorted().collect(Collectors.joining(", "));
                if (!lacking.isEmpty()) {
                    missing.add(lacking + " on " + (right.onGroup() ? "group " : "topic ") + right.name());
                }
            }
            String check = name() + " of " + service.name().toLowerCase(Locale.ROOT);
            missing.forEach(lack -> findings.add(Finding.bad(check, "these credentials lack " + lack, "kafka-acls.sh --add, or ask with the service's own (--kafka-config, --rights-of)")));
            if (missing.isEmpty()) {
                findings.add(Finding.good(check, "as needed"));
            }
        }
        return findings;
    }

    private static Set<AclOperation> allowed(Admin admin, Rights.Right right, Map<Rights.Right, Set<AclOperation>> known) throws InterruptedException {
        var object = new Rights.Right(right.onGroup(), right.name(), Set.of());
        if (!known.containsKey(object)) {
            known.put(object, right.onGroup() ? onGroup(admin, right) : onTopic(admin, right));
        }
        return known.get(object);
    }

    private static Set<AclOperation> onTopic(Admin admin, Rights.Right right) throws InterruptedException {
        try {
            var topic = admin.describeTopics(List.of(right.name()), new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues().get(right.name());
            return toldOrAll(Cluster.answer(topic).authorizedOperations());
        } catch (UnknownTopicOrPartitionException e) {
            return EVERYTHING; // nobody can be kept from what is not there; the check of the topics tells
        } catch (AuthorizationException e) {
            return Set.of();
        }
    }

    private static Set<AclOperation> onGroup(Admin admin, Rights.Right right) throws InterruptedException {
        try {
            var group = admin.describeConsumerGroups(List.of(right.name()), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).describedGroups().get(right.name());
            return toldOrAll(Cluster.answer(group).authorizedOperations());
        } catch (GroupIdNotFoundException e) {
            return EVERYTHING;
        } catch (AuthorizationException e) {
            return Set.of();
        }
    }

    private static Set<AclOperation> toldOrAll(Set<AclOperation> told) {
        return told == null ? EVERYTHING : told;
    }
}
