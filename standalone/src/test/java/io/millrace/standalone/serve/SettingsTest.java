package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RUN-1 lets a user choose is checked before anything is started. */
class SettingsTest {

    @ParameterizedTest
    @CsvSource({"0, 9092, MILLRACE_HTTP_PORT must be 1 to 65535", "8080, 65536, MILLRACE_KAFKA_PORT must be 1 to 65535", "9092, 9092, are both 9092"})
    void refusesPortsThatCannotBe(int http, int kafka, String reason) {
        assertThatThrownBy(() -> settings("127.0.0.1", http, kafka)).isInstanceOf(CannotStart.class).hasMessageContaining(reason);
    }

    @Test
    void saysWhichPortIsTakenAndHowToChooseAnother() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = new Port("127.0.0.1", taken.getLocalPort(), "MILLRACE_HTTP_PORT");
            assertThatThrownBy(port::requireFree).isInstanceOf(CannotStart.class).hasMessageContaining("is already in use (choose another with MILLRACE_HTTP_PORT)");
        }
    }

    @Test
    void knowsWhetherOtherMachinesCanReachIt() {
        assertThat(settings("127.0.0.1", 8080, 9092).isLocal()).isTrue();
        assertThat(settings("localhost", 8080, 9092).isLocal()).isTrue();
        assertThat(settings("0.0.0.0", 8080, 9092).isLocal()).isFalse();
    }

    private static Settings settings(String host, int http, int kafka) {
        return new Settings(host, http, kafka, Path.of("data"), Topics.of("chat.", 1, Duration.ofDays(1)));
    }
}
