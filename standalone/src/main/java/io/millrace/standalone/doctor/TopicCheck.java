package io.millrace.standalone.doctor;

import io.millrace.contract.topic.Topic;
import io.millrace.contract.topic.TopicSetup;
import io.millrace.contract.topic.TopicSetup.Drift;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/** The topics against the catalogue (TOP-3). */
final class TopicCheck implements Check {
    @Override
    public String name() {
        return "topics";
    }

    /** One by one: the rights of a service are for its own topics only. */
    @Override
    public List<Finding> look(Cluster cluster) {
        List<Finding> findings = new ArrayList<>();
        for (Topic<?> topic : cluster.topics().all()) {
            try {
                new TopicSetup(cluster.admin(), List.of(topic)).verify().stream().map(TopicCheck::finding).forEach(findings::add);
            } catch (IllegalStateException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e.getCause() instanceof KafkaException kafka ? kafka : e;
                }
                findings.add(Finding.doubtful("topic " + topic.name(), "these credentials may not look at it", "ask with the rights of an administrator (--kafka-config)"));
            }
        }
        return findings.isEmpty() ? List.of(Finding.good(name(), cluster.topics().all().size() + " as the catalogue wants them, " + cluster.topics().roomLog().partitions() + " partitions each"))
                : findings;
    }

    private static Finding finding(Drift drift) {
        String topic = "topic " + drift.topic();
        String is = drift.what() + " is " + drift.found() + ", wanted " + drift.wanted();
        String config = "kafka-configs.sh --alter --topic " + drift.topic() + " --add-config " + drift.what() + "=" + drift.wanted();
        return switch (drift.what()) {
            case "topic" -> Finding.bad(topic, "missing", "./run topics ensure");
            case "partitions" -> Finding.bad(topic, is + ": no service starts", "give millrace.topics.partitions what is there, or make the topics anew under another prefix; never add partitions");
            case "retention.ms" -> Finding.doubtful(topic, is, "set " + (drift.topic().endsWith("room-log") ? "millrace.topics.room-log-retention or " : "") + config);
            case "cleanup.policy" -> Finding.bad(topic, is + ": compaction takes records that are still needed", config);
            case "message.timestamp.type" -> Finding.bad(topic, is + ": a repeat would not be the same record (LOG-4)", config);
            default -> Finding.bad(topic, is + ": large messages are refused", config);
        };
    }
}
