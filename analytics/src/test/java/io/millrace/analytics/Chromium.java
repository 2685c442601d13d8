package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's Chromium, asked for a page as it stands once its scripts have run; skipped where there is none, a failure on CI. */
final class Chromium {
    private static final long PATIENCE_SECONDS = 120;
    private static final int SCRIPTS_MS = 15_000;

    private Chromium() {
    }

    static void require() {
        if (System.getenv("CI") != null) {
            assertThat(executable()).as("Chromium, which CI must have").isPresent();
        }
        assumeThat(executable()).as("Chromium").isPresent();
    }

    static String text(String url) throws IOException, InterruptedException {
        Path page = Files.createTempFile("page", ".html");
        Path profile = Files.createTempDirectory("chromium");
        var process = new ProcessBuilder(executable().orElseThrow(), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile,
                "--virtual-time-budget=" + SCRIPTS_MS, "--dump-dom", url).redirectOutput(page.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("Chromium does not answer for " + url);
        }
        return Files.readString(page, StandardCharsets.UTF_8);
    }

    private static Optional<String> executable() {
        return Stream.of("chromium", "chromium-browser", "google-chrome").flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }
}
