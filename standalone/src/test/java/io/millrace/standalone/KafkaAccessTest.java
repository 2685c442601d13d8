package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KafkaAccessTest {
    private static final String HERE = "127.0.0.1:9092";

    @Test
    void theOptionComesBeforeTheEnvironmentAndTheEnvironmentBeforeTheDefault() {
        var environment = Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");

        assertThat(KafkaAccess.of("other:9092", null, environment, HERE).servers()).isEqualTo("other:9092");
        assertThat(KafkaAccess.of(null, null, environment, HERE).servers()).isEqualTo("kafka:9092");
        assertThat(KafkaAccess.of(null, null, Map.of("KAFKA_BOOTSTRAP_SERVERS", ""), HERE).servers()).isEqualTo(HERE);
        assertThat(KafkaAccess.of(null, null, Map.of(), HERE).servers()).isEqualTo(HERE);
    }

    @Test
    @DisplayName("SEC-4: commands reach Kafka over TLS and SASL by the variables of the services")
    void securityComesFromTheEnvironment() {
        var access = KafkaAccess.of(null, null, Map.of("KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "KAFKA_SASL_JAAS_CONFIG", "login", "KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", ""), HERE);

        assertThat(access.with(Map.of("client.id", "me"))).isEqualTo(Map.of("bootstrap.servers", HERE, "security.protocol", "SASL_SSL",
                "sasl.jaas.config", "login", "ssl.endpoint.identification.algorithm", "", "client.id", "me"));
    }

    @Test
    void whatIsNoOptionOfKafkaIsLeftAlone() {
        assertThat(KafkaAccess.of(null, null, Map.of("KAFKA_HOME", "/opt/kafka", "KAFKA_HEAP_OPTS", "-Xmx1g", "PATH", "/bin"), HERE).options()).isEmpty();
    }

    @Test
    void theEnvironmentTakesNoGuaranteeAway() {
        assertThat(KafkaAccess.of(null, null, Map.of("KAFKA_REQUEST_TIMEOUT_MS", "1"), HERE).with(Map.of("request.timeout.ms", "5000"))).containsEntry("request.timeout.ms", "5000");
    }
}
