package io.millrace.helm;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.kroxylicious.testing.kafka.common.KeytoolCertificateGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** A real broker in this JVM that is reached over TLS and by a password only, as many clusters are. */
final class SecuredKafka implements AutoCloseable {
    static final String USER = "millrace";
    static final String PASSWORD = "its own $ecret, with blanks";

    private final KafkaCluster cluster;

    SecuredKafka() {
        try {
            cluster = KafkaClusterFactory.create(KafkaClusterConfig.builder().brokersNum(1).kraftMode(true)
                    .securityProtocol("SASL_SSL").saslMechanism("SCRAM-SHA-512").user(USER, PASSWORD)
                    .brokerKeytoolCertificateGenerator(new KeytoolCertificateGenerator())
                    .brokerConfigs(Map.of("auto.create.topics.enable", "false", "add.partitions.to.txn.retry.backoff.ms", "1"))
                    .build());
            cluster.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrap() {
        return cluster.getBootstrapServers();
    }

    Path truststore() {
        return Path.of(config("ssl.truststore.location"));
    }

    String truststorePassword() {
        return config("ssl.truststore.password");
    }

    String truststoreType() {
        return cluster.getKafkaClientConfiguration().getOrDefault("ssl.truststore.type", "JKS").toString();
    }

    private String config(String key) {
        return cluster.getKafkaClientConfiguration(USER, PASSWORD).get(key).toString();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
