package io.millrace.streams.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RUN-3, RUN-4: the hook's settings, their defaults, and what a start refuses. */
class HookSettingsTest {
    @Test
    void hasNoHookByDefault() {
        var settings = settings(Map.of());

        assertThat(settings.endpoint()).isEmpty();
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.verdictTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.onUnavailable()).isEqualTo(OnUnavailable.FAIL);
        assertThat(settings.concurrency()).isEqualTo(64);
        assertThat(settings.maxAnswerBytes().asLongValue()).isEqualTo(65536);
        assertThat(settings.maxMessageBytes().asLongValue()).isEqualTo(65536);
    }

    @Test
    void boundsAChangedMessageAsIngestBoundsMessages() {
        assertThat(settings(Map.of("millrace.ingest.max-message-bytes", "1000")).maxMessageBytes().asLongValue()).isEqualTo(1000);
    }

    @Test
    void takesAnEmptyUrlForNone() {
        assertThat(settings(Map.of("millrace.sync.hook.url", "")).endpoint()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://hook.example.com", "https://hook.example.com:8443/v1/check?team=chat", "HTTP://[::1]:9000/"})
    void acceptsAnHttpUrl(String url) {
        assertThat(settings(Map.of("millrace.sync.hook.url", url)).endpoint()).contains(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook.example.com/check", "/check", "ftp://hook.example.com", "https:///check", "mailto:a@b", "https://ana:secret@hook.example.com/"})
    void refusesAnyOtherUrlWithoutRepeatingIt(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> settings(Map.of("millrace.sync.hook.url", url)).endpoint())
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({"timeout,0s", "concurrency,0"})
    void refusesLimitsThatLetNothingThrough(String key, String value) {
        var settings = settings(Map.of("millrace.sync.hook.url", "http://localhost/", "millrace.sync.hook." + key, value));

        assertThatIllegalArgumentException().isThrownBy(settings::endpoint).withMessageContaining("millrace.sync.hook." + key);
    }

    private static HookSettings settings(Map<String, String> properties) {
        return new SmallRyeConfigBuilder().addDiscoveredConverters().addPropertiesSources().addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "test", 500)).withMapping(HookSettings.class).build().getConfigMapping(HookSettings.class);
    }
}
