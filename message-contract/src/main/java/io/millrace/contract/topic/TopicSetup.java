package io.millrace.contract.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing and says where those that exist differ from the catalogue (TOP-3). It never changes a topic. */
public final class TopicSetup {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final short REPLICAS_WITH_A_SPARE = 3;

    private final Admin admin;
    private final List<Topic<?>> topics;

    public TopicSetup(Admin admin, Topics topics) {
        this(admin, topics.all());
    }

    /** Looks at some topics only: those a service may describe. */
    public TopicSetup(Admin admin, List<Topic<?>> topics) {
        this.admin = admin;
        this.topics = List.copyOf(topics);
    }

    /** Creates what is missing with {@code replicationFactor} replicas (-1: the brokers' default), all but one of which must have a record before it
     * is acknowledged where there are three or more; then verifies all. */
    public List<Drift> ensure(short replicationFactor) {
        var missing = describe().entrySet().stream().filter(topic -> topic.getValue().isEmpty()).map(topic -> newTopic(topic.getKey(), replicationFactor)).toList();
        admin.createTopics(missing).values().forEach((name, created) -> await("create " + name, created, TopicExistsException.class));
        var drifts = verifyOnceVisible();
        if (!missing.isEmpty()) {
            awaitLeaders(missing.stream().map(NewTopic::name).toList());
        }
        return drifts;
    }

    /**
     * A partition just created turns requests away until its leader has taken office. A producer that comes meanwhile with two batches may
     * have the second one taken and the first one refused for good (KAFKA-15591), so nobody is told of the topics before.
     */
    private void awaitLeaders(List<String> created) {
        var ends = topics.stream().filter(topic -> created.contains(topic.name()))
                .flatMap(topic -> IntStream.range(0, topic.partitions()).mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        await("find the leaders of " + created, admin.listOffsets(ends).all(), UnknownTopicOrPartitionException.class);
    }

    /** A topic just created is known to the controller first: the broker that is asked may learn of it a moment later. */
    private List<Drift> verifyOnceVisible() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Drift> drifts = verify();
        while (drifts.stream().anyMatch(Drift::isMissing) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            drifts = verify();
        }
        return drifts;
    }

    /** Every difference between the brokers' topics and the catalogue; empty when none. A drift of partitions must stop a service: order hangs on them. */
    public List<Drift> verify() {
        List<Drift> drifts = new ArrayList<>();
        describe().forEach((topic, found) -> found.ifPresentOrElse(
                description -> {
                    if (description.partitions().size() != topic.partitions()) {
                        drifts.add(new Drift(topic.name(), "partitions", Integer.toString(topic.partitions()), Integer.toString(description.partitions().size())));
                    }
                },
                () -> drifts.add(missing(topic))));
        var present = topics.stream().filter(topic -> drifts.stream().noneMatch(drift -> drift.isMissing() && drift.topic().equals(topic.name()))).toList();
        drifts.addAll(configDrifts(present));
        return drifts;
    }

    /** Another broker may be asked than for the descriptions, one that has not heard of a topic yet. */
    private Collection<Drift> configDrifts(List<Topic<?>> present) {
        var found = admin.describeConfigs(present.stream().map(TopicSetup::resource).toList()).values();
        return present.stream().flatMap(topic -> await("read the configuration of " + topic.name(), found.get(resource(topic)), UnknownTopicOrPartitionException.class)
                .map(actual -> configDrifts(topic, actual)).orElseGet(() -> Stream.of(missing(topic)))).toList();
    }

    private static Stream<Drift> configDrifts(Topic<?> topic, Config actual) {
        return topic.config().entrySet().stream()
                .map(wanted -> new Drift(topic.name(), wanted.getKey(), wanted.getValue(), value(actual.get(wanted.getKey()))))
                .filter(drift -> !drift.wanted().equals(drift.found()));
    }

    private static ConfigResource resource(Topic<?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static Drift missing(Topic<?> topic) {
        return new Drift(topic.name(), "topic", "present", "missing");
    }

    private Map<Topic<?>, Optional<TopicDescription>> describe() {
        var names = topics.stream().map(Topic::name).toList();
        var found = admin.describeTopics(names).topicNameValues();
        return topics.stream().collect(Collectors.toMap(topic -> topic,
                topic -> await("look at " + topic.name(), found.get(topic.name()), UnknownTopicOrPartitionException.class)));
    }

    private static NewTopic newTopic(Topic<?> topic, short replicationFactor) {
        Optional<Short> replicas = replicationFactor < 0 ? Optional.empty() : Optional.of(replicationFactor);
        Map<String, String> config = new HashMap<>(topic.config());
        if (replicationFactor >= REPLICAS_WITH_A_SPARE) {
            // brokers say 1 by default: then a lone survivor's word is enough for `accepted`, and its death loses it (ING-2)
            config.put("min.insync.replicas", Integer.toString(replicationFactor - 1));
        }
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), replicas).configs(config);
    }

    private static String value(ConfigEntry entry) {
        return entry == null ? "absent" : entry.value();
    }

    private static <T> Optional<T> await(String what, KafkaFuture<T> future, Class<? extends Exception> expected) {
        try {
            return Optional.ofNullable(future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (expected != null && expected.isInstance(e.getCause())) {
                return Optional.empty();
            }
            throw new IllegalStateException("unable to " + what + "; " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("unable to " + what + "; Kafka did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unable to " + what + "; interrupted", e);
        }
    }

    /** One difference: what the catalogue wants and what the brokers have. */
    public record Drift(String topic, String what, String wanted, String found) {
        public boolean isMissing() {
            return what.equals("topic");
        }

        public boolean changesOrder() {
            return isMissing() || what.equals("partitions");
        }

        @Override
        public String toString() {
            return topic + ": " + what + " is " + found + ", wanted " + wanted;
        }
    }
}
