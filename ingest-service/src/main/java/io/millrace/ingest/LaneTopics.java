package io.millrace.ingest;

import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.KafkaRights;
import io.millrace.contract.rights.KafkaRole;
import io.millrace.contract.rights.MissingRights;
import io.millrace.contract.rights.Purpose;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.TopicSetup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at the lane topics again and again, on a thread of its own: sending begins when they are there with the configured number
 * of partitions and may be written to, and stops when that has changed (TOP-3, SEC-4). Kafka out of reach stops nothing that had begun: it may be back in time.
 */
@Singleton
class LaneTopics {
    private static final long SOON_MS = 250;
    private static final int ADMIN_PATIENCE_MS = 5000;

    private final Map<String, Object> kafka;
    private final IngestConfig config;
    private final IngestTopics topics;
    private final LaneWriter writer;
    private final List<KafkaRight> rights;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var created = new Thread(task, "millrace-ingest-topics");
        created.setDaemon(true);
        return created;
    });
    private Admin admin;
    private volatile String trouble = "the lane topics have not been looked at yet";

    @Inject
    LaneTopics(@Identifier("default-kafka-broker") Map<String, Object> kafka, IngestConfig config, IngestTopics topics, LaneWriter writer) {
        this.kafka = kafka;
        this.config = config;
        this.topics = topics;
        this.writer = writer;
        this.rights = KafkaRights.of(KafkaRole.INGEST, topics.prefix(), KafkaRights.DEFAULT_APPLICATION_PREFIX).stream()
                .filter(right -> right.purpose() == Purpose.CORE).toList();
    }

    /** Why messages may not become durable just now; null when nothing stands against it. */
    String trouble() {
        return trouble;
    }

    void begin(@Observes StartupEvent event) {
        thread.execute(this::check);
    }

    private void check() {
        String found = look();
        if (thread.isShutdown()) {
            return;
        }
        if (found != null && !found.equals(trouble)) {
            IngestLog.notReady(found);
        } else if (found == null && trouble != null) {
            IngestLog.ready(topics.topics());
        }
        trouble = found;
        thread.schedule(this::check, found == null ? config.topicsCheck().toMillis() : SOON_MS, TimeUnit.MILLISECONDS);
    }

    private String look() {
        try {
            var refused = new MissingRights(admin(), rights).find(Duration.ofMillis(ADMIN_PATIENCE_MS));
            if (refused.isPresent()) {
                writer.close("Kafka does not let ingest write");
                return refused.get();
            }
            var drifts = new TopicSetup(admin(), lanes()).verify().stream().filter(TopicSetup.Drift::changesOrder).toList();
            if (!drifts.isEmpty()) {
                String reason = drifts.stream().map(TopicSetup.Drift::toString).sorted().collect(Collectors.joining(", "));
                writer.close("the lane topics are not as configured");
                return "the lane topics are not as configured: " + reason;
            }
            writer.learn();
            writer.open();
            return null;
        } catch (KafkaException | IllegalStateException e) {
            writer.unanswered();
            return "Kafka cannot be asked for the lane topics: " + (e.getCause() == null ? e : e.getCause()).getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the server is going away";
        } catch (RuntimeException e) {
            IngestLog.bug(e);
            return "the lane topics cannot be looked at";
        }
    }

    private List<Topic<?>> lanes() {
        return List.of(topics.topics().text(), topics.topics().media());
    }

    private Admin admin() {
        if (admin == null) {
            Map<String, Object> all = new HashMap<>(kafka);
            all.put(AdminClientConfig.CLIENT_ID_CONFIG, "millrace-ingest-topics");
            all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_PATIENCE_MS);
            all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_PATIENCE_MS / 2);
            admin = Admin.create(all);
        }
        return admin;
    }

    @PreDestroy
    void end() {
        thread.shutdownNow();
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
