package io.millrace.standalone.doctor;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.millrace.contract.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/** What each service must be allowed (SEC-4): the one list. */
public final class Rights {
    private Rights() {
    }

    static List<Right> of(Service service, Cluster cluster) {
        var topics = cluster.topics();
        return switch (service) {
            case INGEST -> List.of(
                    topic(topics.text(), READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS),
                    topic(topics.media(), READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS),
                    topic(topics.attachments(), WRITE, DESCRIBE),
                    topic(topics.roomInbox(), READ, DESCRIBE),
                    group(cluster, "lane-scheduler", DESCRIBE), group(cluster, "room-sequencer", DESCRIBE));
            case STREAMS -> streams(cluster);
            case DELIVERY -> List.of(
                    topic(topics.roomLog(), READ, DESCRIBE), topic(topics.syncEvents(), READ, DESCRIBE), topic(topics.discontinuities(), WRITE, DESCRIBE));
        };
    }

    private static List<Right> streams(Cluster cluster) {
        var topics = cluster.topics();
        List<Right> rights = new ArrayList<>();
        topics.all().forEach(topic -> rights.add(topic(topic, DESCRIBE, DESCRIBE_CONFIGS)));
        List.of(topics.text(), topics.media(), topics.attachments(), topics.hookAttempts(), topics.hookVerdicts(), topics.roomInbox(), topics.roomLog(), topics.syncEvents(),
                topics.discontinuities()).forEach(topic -> rights.add(topic(topic, READ)));
        List.of(topics.hookAttempts(), topics.hookVerdicts(), topics.roomInbox(), topics.roomLog(), topics.syncEvents(), topics.failures()).forEach(topic -> rights.add(topic(topic, WRITE)));
        GroupCheck.APPLICATIONS.forEach(application -> rights.add(group(cluster, application, READ, DESCRIBE)));
        return rights;
    }

    private static Right topic(Topic<?> topic, AclOperation... operations) {
        return new Right(false, topic.name(), Set.of(operations));
    }

    private static Right group(Cluster cluster, String application, AclOperation... operations) {
        return new Right(true, cluster.application(application), Set.of(operations));
    }

    /** Operations on a group or a topic. */
    record Right(boolean onGroup, String name, Set<AclOperation> operations) {
    }

    /** Who needs rights. */
    public enum Service {
        INGEST, STREAMS, DELIVERY
    }
}
