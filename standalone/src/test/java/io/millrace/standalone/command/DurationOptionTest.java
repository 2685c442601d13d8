package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationOptionTest {
    private final DurationOption option = new DurationOption();

    @Test
    void readsTheUnitsOfTheConfiguration() {
        assertThat(option.convert("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(option.convert("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(option.convert("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(option.convert("12h")).isEqualTo(Duration.ofHours(12));
        assertThat(option.convert("30d")).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "h", "-1s", "1.5h", "10 m", "99999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> option.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
