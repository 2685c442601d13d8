package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One running instance at a time holds the data (RUN-1). */
class DataDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void isMadeWhenItIsMissing() throws IOException {
        try (var data = DataDirectory.open(directory.resolve("new/data"))) {
            assertThat(data.root()).isDirectory();
        }
    }

    @Test
    void isRefusedWhileAnotherHoldsItAndFreeAfterwards() throws IOException {
        try (var first = DataDirectory.open(directory)) {
            assertThat(first.kafka()).isEqualTo(directory.resolve("kafka"));
            assertThatThrownBy(() -> DataDirectory.open(directory)).isInstanceOf(CannotStart.class)
                    .hasMessage("unable to start; the data directory " + directory + " is in use by process " + ProcessHandle.current().pid()
                            + " (choose another with MILLRACE_DATA)");
        }
        DataDirectory.open(directory).close();
    }

    @Test
    void isRefusedWhereNothingCanBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data"))).isInstanceOf(CannotStart.class).hasMessageContaining("cannot be written (MILLRACE_DATA)");
    }
}
