package io.millrace.standalone.command;

import java.nio.file.Path;
import java.util.Optional;

/** What the environment says where no option does. */
final class Environment {
    private Environment() {
    }

    static String httpPort() {
        return value("MILLRACE_HTTP_PORT", "8080");
    }

    static String kafkaPort() {
        return value("MILLRACE_KAFKA_PORT", "9092");
    }

    static Path keys() {
        return Path.of(value("MILLRACE_DATA", "data"), "keys");
    }

    private static String value(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank()).orElse(otherwise);
    }
}
