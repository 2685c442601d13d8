package io.millrace.standalone.serve;

import io.millrace.contract.topic.Topics;
import io.millrace.standalone.CannotStart;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What RUN-1 lets a user choose; read before Quarkus starts, from the same sources (environment, system properties). */
public record Settings(String httpHost, int httpPort, int kafkaPort, Path data, Topics topics) {
    private static final int HIGHEST_PORT = 65535;

    public Settings {
        requirePort(httpPort, "MILLRACE_HTTP_PORT");
        requirePort(kafkaPort, "MILLRACE_KAFKA_PORT");
        if (httpPort == kafkaPort) {
            throw new CannotStart("unable to start; MILLRACE_HTTP_PORT and MILLRACE_KAFKA_PORT are both " + httpPort);
        }
    }

    public static Settings read() {
        var config = new SmallRyeConfigBuilder().addDefaultInterceptors().addDefaultSources().addDiscoveredConverters().build();
        try {
            return new Settings(value(config, "millrace.http.host", String.class, "127.0.0.1"), value(config, "millrace.http.port", Integer.class, 8080),
                    value(config, "millrace.kafka.port", Integer.class, 9092), value(config, "millrace.data", Path.class, Path.of("data")), topics(config));
        } catch (IllegalArgumentException e) {
            throw new CannotStart("unable to read the settings; " + e.getMessage(), e);
        }
    }

    /** The same on ports that nobody else uses. */
    public Settings onFreePorts() {
        return new Settings(httpHost, Port.free(httpHost), Port.free("127.0.0.1"), data, topics);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    boolean isLocal() {
        return httpHost.equals("localhost") || httpHost.equals("::1") || httpHost.startsWith("127.");
    }

    List<Port> ports() {
        return List.of(new Port(httpHost, httpPort, "MILLRACE_HTTP_PORT"), new Port("127.0.0.1", kafkaPort, "MILLRACE_KAFKA_PORT"));
    }

    private static Topics topics(SmallRyeConfig config) {
        return Topics.of(value(config, "millrace.topics.prefix", String.class, Topics.DEFAULT_PREFIX),
                value(config, "millrace.topics.partitions", Integer.class, Topics.DEFAULT_PARTITIONS),
                value(config, "millrace.topics.room-log-retention", Duration.class, Topics.DEFAULT_LOG_RETENTION));
    }

    private static <T> T value(SmallRyeConfig config, String key, Class<T> type, T otherwise) {
        return config.getOptionalValue(key, type).orElse(otherwise);
    }

    private static void requirePort(int port, String setting) {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new CannotStart("unable to start; " + setting + " must be 1 to " + HIGHEST_PORT + ", not " + port);
        }
    }
}
