package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands of a document, each with what the document says it prints: run by bash at the root of the repository, as a reader would. */
final class WorkedExamples {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EXAMPLE = Pattern.compile("```sh\\n((?:(?!```).)*?)```\\n(?:\\n```text( measured)?\\n(.*?)```)?", Pattern.DOTALL);
    private static final Pattern MEASURED = Pattern.compile("\\b[0-9a-f]{12,}\\b|\\d+([.]\\d+)?(?=\\D|$)");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** {@code measured}: numbers, ids and times may differ; {@code printed} is null where the document shows nothing. */
    record Example(String command, boolean measured, String printed) {
        @Override
        public String toString() {
            return command.lines().findFirst().orElse("");
        }
    }

    private WorkedExamples() {
    }

    static List<Example> of(String document) {
        try {
            Matcher found = EXAMPLE.matcher(Files.readString(ROOT.resolve(document)));
            List<Example> examples = new ArrayList<>();
            while (found.find()) {
                examples.add(new Example(found.group(1), found.group(2) != null, found.group(3)));
            }
            return examples;
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read " + document, e);
        }
    }

    /** Runs it and holds what it printed against the document. What it leaves running ends with it. */
    static void check(Example example, Map<String, String> environment) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("example", ".err");
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + example.command())
                .directory(ROOT.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        var watch = new Thread(() -> endInTime(process));
        watch.setDaemon(true);
        watch.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> example.command() + printed + text(errors)).isZero();
        compare(example, printed);
    }

    private static void compare(Example example, String printed) {
        if (example.printed() == null) {
            return;
        }
        if (!example.measured()) {
            assertThat(printed).as(example.command()).isEqualTo(example.printed());
            return;
        }
        assertThat(printed.lines().map(WorkedExamples::shape)).as(example.command()).isNotEmpty()
                .isSubsetOf(example.printed().lines().map(WorkedExamples::shape).collect(Collectors.toSet()));
        assertThat(printed.lines().count()).as(example.command()).isEqualTo(example.printed().lines().count());
    }

    private static String shape(String line) {
        return MEASURED.matcher(line).replaceAll("0").replaceAll(" +", " ");
    }

    private static void endInTime(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
