package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;

/** Real data that is shared beside the project and never part of it: tests that need it are skipped where it is missing, but fail on CI. */
public final class SharedData {
    private SharedData() {
    }

    /** A day of real chat, such as {@code 2007-01-19.txt}. Tests run in their module's directory. */
    public static Path ircDay(String file) {
        Path day = Path.of("..", "..", "shared", "data", "ubuntu-irc", file).toAbsolutePath().normalize();
        if (System.getenv("CI") != null) {
            assertThat(day).as("shared data, which CI must have").exists();
        }
        assumeThat(day).as("shared data").exists();
        return day;
    }
}
