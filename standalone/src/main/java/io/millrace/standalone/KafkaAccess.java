package io.millrace.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Where a command finds Kafka and how it shows who it is (SEC-4): the variables that tell the services ({@code KAFKA_SECURITY_PROTOCOL}) tell
 * it too, and so does a file of client properties.
 */
public record KafkaAccess(String servers, Map<String, String> options) {
    private static final String PREFIX = "KAFKA_";
    private static final String SERVERS = AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG;

    public KafkaAccess {
        options = Map.copyOf(options);
    }

    /** {@code servers} comes first, then what {@code file} says, then the environment; where none does (null), it is {@code otherwise}. */
    public static KafkaAccess of(String servers, Path file, Map<String, String> environment, String otherwise) {
        Map<String, String> options = fromEnvironment(environment);
        if (file != null) {
            options.putAll(read(file));
        }
        String told = options.remove(SERVERS);
        String found = told == null || told.isBlank() ? otherwise : told;
        return new KafkaAccess(servers == null ? found : servers, options);
    }

    private static Map<String, String> fromEnvironment(Map<String, String> environment) {
        Map<String, String> options = new HashMap<>();
        environment.forEach((name, value) -> {
            String option = name.startsWith(PREFIX) ? name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.') : "";
            if (AdminClientConfig.configNames().contains(option)) {
                options.put(option, value);
            }
        });
        return options;
    }

    private static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStart("unable to read " + file + "; " + e.getClass().getSimpleName(), e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    /** Everything a client of Kafka needs; {@code own} are its guarantees and cannot be overridden. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(options);
        all.putAll(own);
        all.put(SERVERS, servers);
        return all;
    }
}
