package io.millrace.streams.runtime;

import io.millrace.contract.rights.KafkaRight;
import io.millrace.contract.rights.MissingRights;
import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Looks whether the brokers answer, have the topics as the catalogue wants them (TOP-3) and allow what is needed (SEC-4); blocks. */
final class TopicGate {
    private static final Logger LOG = Logger.getLogger("io.millrace.streams.runtime");
    private static final int PATIENCE_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofMillis(2 * PATIENCE_MILLIS);

    private final Map<String, Object> kafka;
    private final List<Topic<?>> topics;
    private final List<KafkaRight> rights;
    private final AtomicBoolean warned = new AtomicBoolean();
    private boolean allowed;

    /** {@code rights}: those without which no application may start. */
    TopicGate(Map<String, Object> kafka, Topics topics, List<KafkaRight> rights) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        this.kafka.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        this.topics = List.of(topics.text(), topics.media(), topics.attachments(), topics.hookAttempts(), topics.hookVerdicts(), topics.roomInbox(), topics.roomLog(),
                topics.syncEvents(), topics.failures(), topics.discontinuities());
        this.rights = List.copyOf(rights);
    }

    /** Why an application must not start yet; empty when it may. */
    Optional<String> obstacle() {
        try (var admin = Admin.create(kafka)) {
            var refused = refused(admin);
            if (refused.isPresent()) {
                return refused;
            }
            var drifts = new TopicSetup(admin, topics).verify();
            var missing = listed(drifts, Drift::isMissing, Drift::topic);
            var wrong = listed(drifts, drift -> drift.changesOrder() && !drift.isMissing(), Drift::toString);
            if (missing.isEmpty() && wrong.isEmpty()) {
                warn(listed(drifts, drift -> true, Drift::toString));
                return Optional.empty();
            }
            return Optional.of(wrong.isEmpty() ? "topics are missing: " + missing : "topics are not as they must be: " + wrong);
        } catch (KafkaException | IllegalStateException e) {
            return Optional.of("Kafka cannot be asked for its topics: " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    /** Asked for all applications together, and no more once everything is allowed. */
    private synchronized Optional<String> refused(Admin admin) {
        var missing = allowed ? Optional.<String>empty() : new MissingRights(admin, rights).find(PATIENCE);
        allowed = missing.isEmpty();
        return missing;
    }

    /** What does not endanger order is no reason to stand still, but somebody should know. */
    private void warn(String drifts) {
        if (!drifts.isEmpty() && warned.compareAndSet(false, true)) {
            LOG.warnf("topics differ from what is configured: %s", drifts);
        }
    }

    private static String listed(List<Drift> drifts, Predicate<Drift> which, Function<Drift, String> text) {
        return drifts.stream().filter(which).map(text).sorted().collect(Collectors.joining(", "));
    }
}
