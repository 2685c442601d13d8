package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RUN-1: everything in one process, which keeps its data through a clean stop and through kill -9, and says what keeps it from starting. */
class ServeIT {
    private static final int BY_SIGTERM = 128 + 15;

    @TempDir
    private Path data;

    private Distribution millrace;

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void keepsItsDataThroughACleanStopAndThroughKill9() {
        millrace = new Distribution(data);
        var first = millrace.serve();
        first.awaitOutput("Millrace is ready.", Distribution.PATIENCE);
        millrace.say(0, "send", "lobby", "first");
        first.terminate();
        assertThat(first.exitCode(Distribution.PATIENCE)).isEqualTo(BY_SIGTERM);
        assertThat(first.errors()).isEmpty();
        assertThat(data.resolve("kafka/.kafka_cleanshutdown")).exists();

        var second = millrace.serve();
        millrace.say(0, "send", "lobby", "second");
        second.kill();

        millrace.serve();
        assertThat(millrace.say(0, "send", "lobby", "third")).contains("as #3");
    }

    @Test
    void saysInOneLineThatAPortIsTaken() throws IOException {
        millrace = new Distribution(data);
        int port = Integer.parseInt(millrace.environment().get("MILLRACE_HTTP_PORT"));
        try (var taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(millrace.say(3)).isEqualTo("unable to start; port " + port + " on 127.0.0.1 is already in use (choose another with MILLRACE_HTTP_PORT)\n");
        }
    }

    @Test
    void saysInOneLineThatAnotherInstanceHasTheData() {
        millrace = new Distribution(data);
        var first = millrace.serve();
        try (var other = new Distribution(data)) {
            assertThat(other.say(3)).isEqualTo("unable to start; the data directory " + data + " is in use by process " + first.pid()
                    + " (choose another with MILLRACE_DATA)\n");
        }
    }

    @Test
    void saysInOneLineThatTheDataCannotBeWritten() throws IOException {
        millrace = new Distribution(Files.writeString(data.resolve("file"), "").resolve("data"));
        assertThat(millrace.say(3)).startsWith("unable to start; the data directory ").hasLineCount(1);
    }
}
