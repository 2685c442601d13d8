package io.millrace.streams.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/**
 * What is measured of each application: {@code running} is 1 or 0, {@code lag} the records of all its input partitions here that are not
 * polled yet, {@code replacements} the threads that died and were replaced.
 */
final class StreamsMeters {
    private final MeterRegistry registry;

    StreamsMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(ApplicationRunner runner) {
        Gauge.builder("millrace.streams.running", runner, it -> it.condition() instanceof Condition.Running ? 1 : 0).tag("application", runner.name()).register(registry);
        Gauge.builder("millrace.streams.lag", runner, it -> it.streams().map(StreamsMeters::lag).orElse(0.0)).tag("application", runner.name()).register(registry);
        Gauge.builder("millrace.streams.replacements", runner, ApplicationRunner::replacements).tag("application", runner.name()).register(registry);
    }

    private static double lag(KafkaStreams streams) {
        return streams.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("records-lag") && metric.getKey().group().equals("consumer-fetch-manager-metrics"))
                .map(java.util.Map.Entry::getValue)
                .mapToDouble(StreamsMeters::value)
                .filter(Double::isFinite)
                .sum();
    }

    private static double value(Metric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }
}
