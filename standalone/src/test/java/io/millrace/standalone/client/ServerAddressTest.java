package io.millrace.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.CannotStart;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
    @Test
    void oneAddressIsBothServices() {
        var server = ServerAddress.of("http://chat.example.com/");

        assertThat(server.socket("/v1/ingest").getHost()).isEqualTo("chat.example.com");
        assertThat(server.socket("/v1/delivery").getHost()).isEqualTo("chat.example.com");
        assertThat(server.delivery("/v1/rooms/a/history")).hasToString("http://chat.example.com/v1/rooms/a/history");
    }

    @Test
    void deliveryMayBeElsewhere() {
        var server = ServerAddress.of("http://ingest:80", "https://delivery:8443");

        assertThat(server.socket("/v1/ingest").getHost()).isEqualTo("ingest");
        assertThat(server.socket("/v1/delivery")).satisfies(socket -> {
            assertThat(socket.getHost()).isEqualTo("delivery");
            assertThat(socket.getPort()).isEqualTo(8443);
            assertThat(socket.isSsl()).isTrue();
        });
        assertThat(server.delivery("/v1/rooms/a/history")).hasToString("https://delivery:8443/v1/rooms/a/history");
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> ServerAddress.of("http://ingest", "delivery")).isInstanceOf(CannotStart.class).hasMessageContaining("delivery is no address");
    }
}
