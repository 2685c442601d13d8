package io.millrace.delivery.follow;

import static io.millrace.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topics;
import io.millrace.delivery.room.Interruption;
import io.millrace.delivery.room.Owner;
import io.millrace.testing.CutLog;
import io.millrace.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-4 against a real broker: a followed log that is cut, and grows again before anyone looks, is not read on as if nothing had happened. */
class CutLogIT {
    private static final Topics TOPICS = Topics.of("cut.", 1, Topics.DEFAULT_LOG_RETENTION);
    private static final TopicPartition LOG = new TopicPartition(TOPICS.roomLog().name(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** So long a look at a broker that is away takes, and one at a broker that is slow may. */
    private static final Duration TRUTH = Duration.ofSeconds(8);

    private final TestKafka kafka = TestKafka.start(1).with(TOPICS);
    private final LateAdmin admin = new LateAdmin(Map.of("bootstrap.servers", kafka.bootstrap()));
    private final EpochEnds epochEnds = new EpochEnds(this::consumer, PATIENCE);
    private final KafkaTruth truth = new KafkaTruth(admin, LOG.topic(), TRUTH, epochEnds);
    private final TopicFollower follower = new TopicFollower(LOG.topic(), this::consumer, () -> { });
    private final HeldOwner owner = new HeldOwner();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void stop() {
        follower.close();
        epochEnds.close();
        admin.close();
        owner.thread.shutdownNow();
        kafka.close();
    }

    @Test
    @DisplayName("CON-4: the place where the log was cut is told although it reaches further now than it was read")
    void tellsWhereALogWasCutThatHasGrownAgain() throws Exception {
        var following = new PartitionFollowing(0, follower, truth, owner, recorder, new FollowSettings(1, 1 << 20, PATIENCE, Duration.ofSeconds(1), PATIENCE, null));
        follower.start();
        owner.execute(following::need);
        write(6);
        await().atMost(PATIENCE).until(() -> recorder.offsets.size() == 6);
        int before = snapshot().leaderEpoch();

        kafka.stopBroker(0);
        owner.execute(following::verify); // looks, finds nobody, and waits until the test lets it look again
        await().atMost(PATIENCE).until(() -> !owner.later.isEmpty());
        kafka.startBroker(0);
        CutLog.of(kafka, LOG).cutAfter(2);
        write(9);
        owner.goOn();
        await().atMost(PATIENCE).until(() -> !recorder.interruptions.isEmpty());
        write(1);

        assertThat(recorder.interruptions).containsExactly(new Interruption.Truncated(3));
        await().atMost(PATIENCE).until(() -> recorder.offsets.contains(12L));
        int now = snapshot().leaderEpoch();
        assertThat(now).isGreaterThan(before);
        assertThat(truth.epochEnd(0, before, now).toCompletableFuture().get(60, TimeUnit.SECONDS)).isEqualTo(3);
    }

    private LogSnapshot snapshot() throws Exception {
        return truth.snapshot(0).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void write(int records) {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrap(), "max.in.flight.requests.per.connection", 1, "batch.size", 0);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(LOG.topic(), 0, null, new byte[] {1}));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrap(), "auto.offset.reset", "none", "enable.auto.commit", false),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static final class Recorder implements Followed {
        private final List<Long> offsets = new CopyOnWriteArrayList<>();
        private final List<Interruption> interruptions = new CopyOnWriteArrayList<>();

        @Override
        public void begun(LogSnapshot log, long start) {
        }

        @Override
        public void unfollowable(Throwable cause) {
        }

        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            offsets.add(record.offset());
        }

        @Override
        public void interrupted(Interruption interruption, LogSnapshot log, long start) {
            interruptions.add(interruption);
        }

        @Override
        public boolean isIdle() {
            return false;
        }

        @Override
        public void released() {
        }
    }

    /** Does at once what is due at once; what is due later waits for the test. */
    private static final class HeldOwner implements Owner {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();
        private volatile boolean goesOn;

        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }

        @Override
        public void after(Duration delay, Runnable task) {
            if (delay.compareTo(PATIENCE) >= 0) {
                return; // nobody releases the partition here
            }
            if (goesOn) {
                thread.execute(task);
            } else {
                later.add(task);
            }
        }

        void goOn() {
            goesOn = true;
            later.forEach(thread::execute);
        }
    }
}
