package io.millrace.standalone.command;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** How a command reaches a cluster (SEC-4): {@code --bootstrap}, and {@code --kafka-config} for what a secured one asks. */
record Cluster(String servers, Map<String, Object> config) {
    static final String CONFIG_DESCRIPTION = "A file of Kafka client properties, such as security.protocol and sasl.jaas.config.";

    /** {@code bootstrap} null: as the file says, else this machine's own broker. */
    static Cluster of(String bootstrap, Path file) {
        Map<String, Object> config = new HashMap<>();
        if (file != null) {
            var read = new Properties();
            try (var reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CannotStart("unable to read " + file + "; " + e.getClass().getSimpleName(), e);
            }
            read.forEach((key, value) -> config.put(key.toString(), value));
        }
        if (bootstrap != null) {
            config.put("bootstrap.servers", bootstrap);
        }
        config.putIfAbsent("bootstrap.servers", "127.0.0.1:" + Environment.kafkaPort());
        return new Cluster(config.get("bootstrap.servers").toString(), Map.copyOf(config));
    }

    /** The file's, and what the command cannot do without. */
    Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(config);
        all.putAll(own);
        return all;
    }
}
