package io.millrace.ingest.attachment;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The configuration as it ships, with what a test changes, and metrics to read. */
final class AttachmentDefaults {
    private static final int DEFAULTS = 100;
    private static final int CHANGES = 200;

    final MeterRegistry registry = new SimpleMeterRegistry();
    final AttachmentMetrics metrics = new AttachmentMetrics(registry);
    final AttachmentConfig config;

    AttachmentDefaults(Map<String, String> changes) {
        try {
            config = new SmallRyeConfigBuilder().addDiscoveredConverters()
                    .withSources(new PropertiesConfigSource(AttachmentConfig.class.getResource("/META-INF/microprofile-config.properties"), DEFAULTS))
                    .withSources(new PropertiesConfigSource(changes, "test", CHANGES))
                    .withMapping(AttachmentConfig.class).withValidateUnknown(false).build().getConfigMapping(AttachmentConfig.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
