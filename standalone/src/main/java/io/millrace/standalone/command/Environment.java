package io.millrace.standalone.command;

import io.millrace.standalone.KafkaAccess;
import java.nio.file.Path;
import java.util.Optional;

/** What the environment says where no option does. */
final class Environment {
    static final String KAFKA_CONFIG = "A file of Kafka client properties, such as security.protocol and sasl.jaas.config (default: the variables KAFKA_*).";

    private Environment() {
    }

    static String httpPort() {
        return value("MILLRACE_HTTP_PORT", "8080");
    }

    /** The cluster given by options, null if none; else the environment says where it is and who the command is there, as it does for the services. */
    static KafkaAccess kafka(String bootstrap, Path config) {
        return KafkaAccess.of(bootstrap, config, System.getenv(), "127.0.0.1:" + value("MILLRACE_KAFKA_PORT", "9092"));
    }

    /** The token to present, null if none. */
    static String token() {
        return value("MILLRACE_TOKEN", null);
    }

    static Path keys() {
        return Path.of(value("MILLRACE_DATA", "data"), "keys");
    }

    private static String value(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank()).orElse(otherwise);
    }
}
