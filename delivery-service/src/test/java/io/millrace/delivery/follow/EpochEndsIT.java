package io.millrace.delivery.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.topic.Topics;
import io.millrace.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CON-1 against a real broker: after an outage every followed partition asks at once where its former leader's records end. */
class EpochEndsIT {
    private static final int PARTITIONS = 32;
    private static final Topics TOPICS = Topics.of("ends.", PARTITIONS, Topics.DEFAULT_LOG_RETENTION);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestKafka kafka = TestKafka.start(1).with(TOPICS);
    private final AtomicInteger consumers = new AtomicInteger();
    private final CountDownLatch allAsked = new CountDownLatch(1);
    private final EpochEnds ends = new EpochEnds(this::consumer, PATIENCE);

    @AfterEach
    void stop() {
        ends.close();
        kafka.close();
    }

    @Test
    @DisplayName("CON-1: partitions are asked about together, and each is told its own end")
    void asksAboutAllPartitionsTogether() throws Exception {
        write(1);
        kafka.stopBroker(0);
        kafka.startBroker(0);
        write(1);

        List<CompletableFuture<Long>> answers = IntStream.range(0, PARTITIONS).mapToObj(partition -> ask(partition, 0)).toList();
        var neverLed = ask(0, 1_000);
        allAsked.countDown();

        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(answers.get(partition).get(60, TimeUnit.SECONDS)).as("partition " + partition).isEqualTo(partition + 1);
        }
        assertThat(neverLed.get(60, TimeUnit.SECONDS)).as("an epoch this log never had vouches for nothing").isZero();
        assertThat(consumers.get()).as("the first question may go alone, the last is the second of its partition").isLessThanOrEqualTo(3);
    }

    private CompletableFuture<Long> ask(int partition, int epoch) {
        return ends.ask(new TopicPartition(TOPICS.roomLog().name(), partition), epoch, epoch + 1).toCompletableFuture();
    }

    /** One record more to each partition than to the one before. */
    private void write(int least) {
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int n = 0; n < partition + least; n++) {
                    producer.send(new ProducerRecord<>(TOPICS.roomLog().name(), partition, null, new byte[] {1}));
                }
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        consumers.incrementAndGet();
        try {
            allAsked.await(); // however slowly the test asks, all questions but the first wait together
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrap(), "auto.offset.reset", "none", "enable.auto.commit", false),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
