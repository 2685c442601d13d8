package io.millrace.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sources of what the chart runs: its settings and metrics are read from there, so that nobody has to list them twice. */
final class Services {
    static final List<Path> MODULES = Stream.of("socket-gate", "tracing", "ingest-service", "streams-topology", "delivery-service").map(module -> Path.of("..", module)).toList();

    private Services() {
    }

    static Stream<Path> sources() {
        return Stream.concat(Stream.of(Path.of("..", "message-contract")), MODULES.stream()).flatMap(module -> {
            try (var found = Files.walk(module.resolve("src/main/java"))) {
                return found.filter(file -> file.toString().endsWith(".java")).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
