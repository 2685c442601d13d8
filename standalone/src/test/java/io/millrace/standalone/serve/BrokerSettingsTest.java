package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {

    @Test
    void listensOnLoopbackOnlyAndNamesNothingKafkaDoesNotKnow() {
        var settings = BrokerSettings.of(Path.of("/data/kafka"), 9092, 9093);
        assertThat(settings.get("listeners")).isEqualTo("PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093");
        Set<String> known = KafkaConfig.configNames().isEmpty() ? Set.of() : scala.jdk.javaapi.CollectionConverters.asJava(KafkaConfig.configNames().toSet());
        assertThat(known).containsAll(settings.keySet());
    }
}
