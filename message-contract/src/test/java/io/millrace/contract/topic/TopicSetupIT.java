package io.millrace.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.BrokerCluster;
import io.kroxylicious.testing.kafka.common.BrokerConfig;
import io.kroxylicious.testing.kafka.junit5ext.KafkaClusterExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** TOP-3, RUN-1: topics are created once as the catalogue wants them, and every drift is named. */
@ExtendWith(KafkaClusterExtension.class)
class TopicSetupIT {
    @BrokerCluster
    KafkaCluster cluster;

    private final Topics topics = Topics.of("it.", 3, Duration.ofDays(2));

    @Test
    void createsWhatIsMissingAndThenFindsNoDrift() {
        try (Admin admin = Admin.create(cluster.getKafkaClientConfiguration())) {
            var setup = new TopicSetup(admin, topics);

            assertThat(setup.verify()).hasSize(topics.all().size()).allMatch(TopicSetup.Drift::isMissing);
            assertThat(setup.ensure((short) 1)).isEmpty();
            assertThat(setup.ensure((short) 1)).isEmpty();
        }
    }

    @Test
    void namesAPartitionCountThatWouldBreakOrder() throws Exception {
        try (Admin admin = Admin.create(cluster.getKafkaClientConfiguration())) {
            admin.createTopics(List.of(new NewTopic("it.room-log", Optional.of(5), Optional.empty()))).all().get();

            assertThat(new TopicSetup(admin, topics).ensure((short) 1))
                    .anySatisfy(drift -> {
                        assertThat(drift.changesOrder()).isTrue();
                        assertThat(drift).hasToString("it.room-log: partitions is 5, wanted 3");
                    })
                    .anySatisfy(drift -> assertThat(drift.what()).isEqualTo("retention.ms"));
        }
    }

    @Test
    @DisplayName("ING-2: with three replicas two must have a record before it is acknowledged, whatever the brokers' default")
    void leavesNoSurvivorAlone(@BrokerCluster(numBrokers = 3) @BrokerConfig(name = "min.insync.replicas", value = "1") KafkaCluster three) throws Exception {
        try (Admin admin = Admin.create(three.getKafkaClientConfiguration())) {
            assertThat(new TopicSetup(admin, topics).ensure((short) 3)).isEmpty();

            var log = new ConfigResource(ConfigResource.Type.TOPIC, topics.roomLog().name());
            assertThat(admin.describeConfigs(List.of(log)).all().get().get(log).get("min.insync.replicas").value()).isEqualTo("2");
        }
    }
}
