package io.millrace.helm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Prometheus' own checker of rules, as a process. Where it is not installed tests are skipped, and fail with {@code CI=true}. */
final class Promtool {
    private Promtool() {
    }

    /** What it says, after "ok" or "failed". */
    static String run(Path directory, String... arguments) throws IOException, InterruptedException {
        boolean installed = Arrays.stream(System.getenv("PATH").split(":")).anyMatch(place -> Path.of(place, "promtool").toFile().canExecute());
        Assumptions.assumeTrue(installed || Boolean.parseBoolean(System.getenv("CI")), "promtool is not installed (Debian: prometheus)");
        var process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), List.of(arguments).stream()).toList())
                .directory(directory.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return (process.exitValue() == 0 ? "ok " : "failed ") + said;
    }
}
