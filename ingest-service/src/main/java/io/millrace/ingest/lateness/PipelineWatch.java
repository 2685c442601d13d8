package io.millrace.ingest.lateness;

import io.millrace.contract.topic.TopicSettings;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Knows how late the pipeline behind ingest is (ING-8): the age of the oldest message that lane scheduler or room sequencer have not
 * processed. It looks on a thread of its own, while messages come or the pipeline is late; connections ask for their {@link #pause} on
 * any thread. What cannot be found out slows nobody down for long.
 */
@Singleton
public class PipelineWatch {
    private static final Duration TRUSTED = Duration.ofSeconds(10);
    private static final int PATIENCE_MS = 2_000;
    private static final int PROBE_BYTES = 64 << 10;

    private final Map<String, Object> kafka;
    private final LatenessConfig config;
    private final LatenessMeters meters;
    private final ReadingPace pace;
    private final PipelineOffsets offsets;
    private final OldestWaiting oldest = new OldestWaiting();
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var created = new Thread(task, "millrace-ingest-lateness");
        created.setDaemon(true);
        return created;
    });
    private Admin admin;
    private Consumer<byte[], byte[]> consumer;
    private Instant knownAt = Instant.MIN;
    private Instant watchUntil = Instant.MIN;
    private boolean told;
    private volatile Duration lateness = Duration.ZERO;
    private volatile boolean busy;

    @Inject
    PipelineWatch(@Identifier("default-kafka-broker") Map<String, Object> kafka, LatenessConfig config, LatenessTopics topics, LatenessMeters meters) {
        this.kafka = kafka;
        this.config = config;
        this.meters = meters;
        pace = new ReadingPace(config.threshold(), config.longestPause());
        offsets = new PipelineOffsets(stages(config, topics));
    }

    private static List<Stage> stages(LatenessConfig config, TopicSettings settings) {
        var topics = settings.topics();
        return List.of(Stage.of(config.schedulerGroup(), List.of(topics.text(), topics.media())), Stage.of(config.sequencerGroup(), List.of(topics.roomInbox())));
    }

    void begin(@Observes StartupEvent event) {
        if (config.enabled()) {
            thread.scheduleWithFixedDelay(this::look, config.check().toMillis(), config.check().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A message has come: how long its connection is to rest now. */
    public Duration pause() {
        if (!busy) {
            busy = true;
        }
        return pace.pause(lateness);
    }

    private void look() {
        if (busy) {
            busy = false;
            watchUntil = clock.instant().plus(config.threshold().multipliedBy(2)).plus(config.check());
        }
        if (lateness.isZero() && clock.instant().isAfter(watchUntil)) {
            return; // what came last was done in time and nobody sends: Kafka need not be asked
        }
        try {
            knowing(measure());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) { // whatever it is: the next look must come
            notKnowing(e);
        }
    }

    private Duration measure() throws ExecutionException, InterruptedException {
        var now = clock.instant();
        var suspicious = offsets.ask(admin(), now.minus(config.threshold())).entrySet().stream().filter(one -> one.getValue().mayBeLate())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return suspicious.isEmpty() ? Duration.ZERO : waiting(suspicious, now);
    }

    private Duration waiting(Map<TopicPartition, Offsets> suspicious, Instant now) {
        return oldest.find(consumer(), suspicious).map(since -> Duration.between(since, now)).filter(late -> !late.isNegative()).orElse(Duration.ZERO);
    }

    private void knowing(Duration found) {
        meters.known(found);
        if (pace.pause(found).isZero() != pace.pause(lateness).isZero()) {
            LatenessLog.changed(found, pace.pause(found));
        }
        lateness = found;
        knownAt = clock.instant();
        told = false;
    }

    /** Kafka that does not answer is likely the reason for being late: what was known counts a while longer, then nothing does. */
    private void notKnowing(Exception cause) {
        if (thread.isShutdown()) {
            return;
        }
        if (knownAt.equals(Instant.MIN) || knownAt.plus(TRUSTED).isBefore(clock.instant())) {
            lateness = Duration.ZERO;
        }
        meters.unknown(lateness);
        if (!told) {
            told = true;
            LatenessLog.unknown(cause);
        }
    }

    private Admin admin() {
        if (admin == null) {
            Map<String, Object> all = new HashMap<>(kafka);
            all.put(AdminClientConfig.CLIENT_ID_CONFIG, "millrace-ingest-lateness");
            all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
            all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
            admin = Admin.create(all);
        }
        return admin;
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            Map<String, Object> all = new HashMap<>(kafka);
            all.put(ConsumerConfig.CLIENT_ID_CONFIG, "millrace-ingest-lateness");
            all.remove(ConsumerConfig.GROUP_ID_CONFIG); // it looks, it takes nothing
            all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // what retention has taken waits no more
            all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PROBE_BYTES);
            all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
            all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
            consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        return consumer;
    }

    @PreDestroy
    void end() throws InterruptedException {
        thread.shutdownNow();
        boolean ended = thread.awaitTermination(PATIENCE_MS, TimeUnit.MILLISECONDS);
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        if (consumer != null && ended) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
