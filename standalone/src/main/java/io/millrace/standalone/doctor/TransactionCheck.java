package io.millrace.standalone.doctor;

import io.millrace.contract.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Transactions that nobody ends: whoever reads committed records stands still behind them. */
final class TransactionCheck implements Check {
    private static final Duration TOO_LONG = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "transactions";
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        var topics = cluster.topics();
        var before = Instant.now().minus(TOO_LONG).toEpochMilli();
        List<Finding> findings = new ArrayList<>();
        for (var partition : Stream.of(topics.roomLog(), topics.syncEvents(), topics.failures(), topics.roomInbox()).flatMap(TransactionCheck::partitions).toList()) {
            producers(cluster, partition).stream().filter(producer -> producer.currentTransactionStartOffset().isPresent() && producer.lastTimestamp() < before)
                    .forEach(producer -> findings.add(hanging(partition, producer)));
        }
        return findings.isEmpty() ? List.of(Finding.good(name(), "none is open for longer than " + TOO_LONG.toSeconds() + " s")) : findings;
    }

    private static Finding hanging(TopicPartition partition, ProducerState producer) {
        long start = producer.currentTransactionStartOffset().orElseThrow();
        return Finding.bad("transactions", "one of producer " + producer.producerId() + " is open on " + partition + " from offset " + start + ": committed records behind it are not seen",
                "if its owner is gone: kafka-transactions.sh abort --topic " + partition.topic() + " --partition " + partition.partition() + " --start-offset " + start);
    }

    private static List<ProducerState> producers(Cluster cluster, TopicPartition partition) throws InterruptedException {
        try {
            return Cluster.answer(cluster.admin().describeProducers(List.of(partition)).partitionResult(partition)).activeProducers();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of(); // the check of the topics has told so
        }
    }

    private static Stream<TopicPartition> partitions(Topic<?> topic) {
        return IntStream.range(0, topic.partitions()).mapToObj(partition -> new TopicPartition(topic.name(), partition));
    }
}
