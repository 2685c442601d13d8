package io.millrace.contract.rights;

import static io.millrace.contract.rights.KafkaRight.topic;
import static io.millrace.contract.rights.Purpose.CORE;
import static io.millrace.contract.rights.Purpose.HOOK;
import static io.millrace.contract.rights.Purpose.LATENESS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.millrace.contract.topic.Topics;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Everything each role must be allowed in Kafka, and nothing more (SEC-4): the one source for the documentation, for deployments and for
 * what the services say they lack. The tests run the packaged services with exactly these ACLs.
 */
public final class KafkaRights {
    public static final String DEFAULT_APPLICATION_PREFIX = "millrace-";

    private final String topicPrefix;
    private final String applicationPrefix;
    private final Topics topics;

    private KafkaRights(String topicPrefix, String applicationPrefix) {
        this.topicPrefix = topicPrefix;
        this.applicationPrefix = applicationPrefix;
        this.topics = Topics.of(topicPrefix, Topics.DEFAULT_PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
    }

    /** {@code topicPrefix} is {@code millrace.topics.prefix}, {@code applicationPrefix} is {@code millrace.streams.application-prefix}. */
    public static List<KafkaRight> of(String topicPrefix, String applicationPrefix) {
        var rights = new KafkaRights(topicPrefix, applicationPrefix);
        return Stream.of(rights.ingest(), rights.streams(), rights.delivery(), rights.commands()).flatMap(some -> some).toList();
    }

    public static List<KafkaRight> of(KafkaRole role, String topicPrefix, String applicationPrefix) {
        return of(topicPrefix, applicationPrefix).stream().filter(right -> right.role() == role).toList();
    }

    private Stream<KafkaRight> ingest() {
        var role = KafkaRole.INGEST;
        return Stream.of(
                topic(role, CORE, topics.text().name(), WRITE, DESCRIBE_CONFIGS),
                topic(role, CORE, topics.media().name(), WRITE, DESCRIBE_CONFIGS),
                topic(role, CORE, topics.attachments().name(), WRITE),
                topic(role, LATENESS, topics.text().name(), READ),
                topic(role, LATENESS, topics.media().name(), READ),
                topic(role, LATENESS, topics.roomInbox().name(), READ),
                group(role, LATENESS, "lane-scheduler", DESCRIBE),
                group(role, LATENESS, "room-sequencer", DESCRIBE));
    }

    private Stream<KafkaRight> streams() {
        var role = KafkaRole.STREAMS;
        var own = Stream.of("lane-scheduler", "room-sequencer", "history-view", "sync-states").flatMap(application -> Stream.of(
                group(role, CORE, application, READ),
                prefixed(role, ResourceType.TOPIC, application, CREATE, READ, WRITE, DESCRIBE_CONFIGS)));
        return Stream.of(
                Stream.of(
                        topic(role, CORE, topics.text().name(), READ, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.media().name(), READ, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.attachments().name(), READ, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.hookAttempts().name(), WRITE, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.hookVerdicts().name(), READ, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.roomInbox().name(), READ, WRITE, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.roomLog().name(), READ, WRITE, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.syncEvents().name(), READ, WRITE, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.failures().name(), WRITE, DESCRIBE_CONFIGS),
                        topic(role, CORE, topics.discontinuities().name(), READ, DESCRIBE_CONFIGS)),
                own,
                Stream.of("lane-scheduler", "room-sequencer").map(application -> prefixed(role, ResourceType.TRANSACTIONAL_ID, application, WRITE)),
                Stream.of(
                        topic(role, HOOK, topics.hookAttempts().name(), READ),
                        topic(role, HOOK, topics.hookVerdicts().name(), WRITE),
                        group(role, HOOK, "hook-worker", READ)))
                .flatMap(some -> some);
    }

    private Stream<KafkaRight> delivery() {
        var role = KafkaRole.DELIVERY;
        return Stream.of(
                topic(role, CORE, topics.roomLog().name(), READ),
                topic(role, CORE, topics.syncEvents().name(), READ),
                topic(role, CORE, topics.discontinuities().name(), WRITE),
                topic(role, CORE, topicPrefix + "room-signals", READ, WRITE),
                topic(role, CORE, topicPrefix + "presence", READ, WRITE));
    }

    private Stream<KafkaRight> commands() {
        var names = Stream.concat(topics.all().stream().map(topic -> topic.name()), Stream.of(topicPrefix + "room-signals", topicPrefix + "presence")).distinct();
        return Stream.concat(
                names.map(name -> topic(KafkaRole.TOPICS, CORE, name, CREATE, DESCRIBE, DESCRIBE_CONFIGS)),
                Stream.of(
                        topic(KafkaRole.FAILURES, CORE, topics.failures().name(), READ),
                        topic(KafkaRole.CHECK, CORE, topics.roomLog().name(), READ),
                        topic(KafkaRole.CHECK, CORE, topics.syncEvents().name(), READ)));
    }

    private KafkaRight group(KafkaRole role, Purpose purpose, String application, AclOperation operation) {
        return KafkaRight.of(role, purpose, ResourceType.GROUP, applicationPrefix + application, PatternType.LITERAL, operation);
    }

    /** What an application makes for itself is named after it: changelogs, and transactional ids with the instance's. */
    private KafkaRight prefixed(KafkaRole role, ResourceType type, String application, AclOperation... operations) {
        return KafkaRight.of(role, CORE, type, applicationPrefix + application + "-", PatternType.PREFIXED, operations);
    }
}
