package io.millrace.standalone.doctor;

import io.millrace.contract.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;

/** What every broker must be set to, or had better be. */
final class BrokerCheck implements Check {
    private static final Duration OUR_TRANSACTIONS = Duration.ofSeconds(10);
    private static final long A_WEEK_MINUTES = Duration.ofDays(7).toMinutes();
    /** Transactions as they are since Kafka 4.0: a producer of before a pause cannot write into the transaction after it. */
    private static final short STRICT_TRANSACTIONS = 2;

    @Override
    public String name() {
        return "brokers";
    }

    @Override
    public List<Finding> look(Cluster cluster) throws InterruptedException {
        var resources = Cluster.answer(cluster.admin().describeCluster().nodes()).stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString())).toList();
        List<Finding> findings = new ArrayList<>();
        for (var broker : Cluster.answer(cluster.admin().describeConfigs(resources).all()).entrySet()) {
            judge("broker " + broker.getKey().name(), broker.getValue(), findings);
        }
        judgeFeatures(cluster, findings);
        if (findings.isEmpty()) {
            findings.add(Finding.good(name(), "no unclean election, no topics made by accident, transactions of 10 s allowed, offsets kept for 7 days"));
        }
        return findings;
    }

    private static void judge(String broker, Config config, List<Finding> findings) {
        if (is(config, "unclean.leader.election.enable", "true")) {
            findings.add(Finding.bad(broker, "unclean.leader.election.enable is true: accepted messages can be lost", "set it to false"));
        }
        if (is(config, "auto.create.topics.enable", "true")) {
            findings.add(Finding.doubtful(broker, "auto.create.topics.enable is true: a mistyped prefix makes topics with the wrong partitions", "set it to false"));
        }
        if (number(config, "transaction.max.timeout.ms") < OUR_TRANSACTIONS.toMillis()) {
            findings.add(Finding.bad(broker, "transaction.max.timeout.ms is below 10000: the streams service cannot begin a transaction", "raise it"));
        }
        if (number(config, "offsets.retention.minutes") < A_WEEK_MINUTES) {
            findings.add(Finding.doubtful(broker, "offsets.retention.minutes is below " + A_WEEK_MINUTES + ": a service that is away for longer begins anew", "raise it"));
        }
        if (number(config, "socket.request.max.bytes") < 2L * Topics.MAX_FAILURE_BYTES) {
            findings.add(Finding.bad(broker, "socket.request.max.bytes is below " + 2 * Topics.MAX_FAILURE_BYTES + ": large records are refused", "raise it"));
        }
        if (number(config, "message.max.bytes") < Topics.MAX_FAILURE_BYTES) {
            findings.add(Finding.good(broker, "message.max.bytes is " + number(config, "message.max.bytes") + ", which each of our topics overrides with max.message.bytes"));
        }
    }

    private static void judgeFeatures(Cluster cluster, List<Finding> findings) throws InterruptedException {
        var finalized = Cluster.answer(cluster.admin().describeFeatures().featureMetadata()).finalizedFeatures();
        var known = finalized.entrySet().stream().map(feature -> feature.getKey() + " " + feature.getValue().maxVersionLevel()).sorted().collect(Collectors.joining(", "));
        var transactions = finalized.get("transaction.version");
        if (transactions == null || transactions.maxVersionLevel() < STRICT_TRANSACTIONS) {
            findings.add(Finding.doubtful("versions", "transaction.version is below 2 (" + (known.isEmpty() ? "no features" : known) + "): a transaction can be left hanging",
                    "upgrade to Kafka 4 and finalize the feature"));
        } else {
            findings.add(Finding.good("versions", known));
        }
    }

    private static boolean is(Config config, String name, String value) {
        return config.get(name) != null && value.equals(config.get(name).value());
    }

    /** What a broker does not say is no reason to complain. */
    private static long number(Config config, String name) {
        return config.get(name) == null || config.get(name).value() == null ? Long.MAX_VALUE : Long.parseLong(config.get(name).value());
    }
}
