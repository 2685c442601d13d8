package io.millrace.streams.runtime;

import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Looks whether the brokers answer and have the topics as the catalogue wants them (TOP-3); blocks. */
final class TopicGate {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Map<String, Object> kafka;
    private final Topics topics;

    TopicGate(Map<String, Object> kafka, Topics topics) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        this.kafka.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        this.topics = topics;
    }

    /** Why an application must not start yet; empty when it may. */
    Optional<String> obstacle() {
        try (var admin = Admin.create(kafka)) {
            var wrong = new TopicSetup(admin, topics).verify().stream().filter(TopicSetup.Drift::changesOrder).map(TopicSetup.Drift::toString).toList();
            return wrong.isEmpty() ? Optional.empty() : Optional.of("topics are not as they must be: " + wrong.stream().sorted().collect(Collectors.joining(", ")));
        } catch (KafkaException | IllegalStateException e) {
            return Optional.of("Kafka cannot be asked for its topics: " + e.getMessage());
        }
    }
}
