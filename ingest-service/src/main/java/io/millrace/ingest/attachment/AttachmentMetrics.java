package io.millrace.ingest.attachment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.contract.frame.ErrorCode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What attachments count. Arithmetic over all pods: {@code announced} = {@code completed} + {@code expired} + {@code abandoned} +
 * those still unfinished; an outcome repeated by its client counts once more in {@code repeated}. {@code refused} counts per code,
 * {@code busy} how often the limit of requests was hit, {@code removed} what retention took.
 */
@Singleton
class AttachmentMetrics {
    final Counter announced;
    final Counter completed;
    final Counter repeated;
    final Counter expired;
    final Counter abandoned;
    final Counter removed;
    final Counter busy;
    final Counter bytesIn;
    final Counter bytesOut;
    final AtomicInteger requests;
    private final MeterRegistry registry;
    private final Map<String, Counter> refused = new ConcurrentHashMap<>();

    @Inject
    AttachmentMetrics(MeterRegistry registry) {
        this.registry = registry;
        announced = registry.counter("millrace.attachments.announced");
        completed = registry.counter("millrace.attachments.completed");
        repeated = registry.counter("millrace.attachments.repeated");
        expired = registry.counter("millrace.attachments.expired");
        abandoned = registry.counter("millrace.attachments.abandoned");
        removed = registry.counter("millrace.attachments.removed");
        busy = registry.counter("millrace.attachments.busy");
        bytesIn = registry.counter("millrace.attachments.bytes", "direction", "in");
        bytesOut = registry.counter("millrace.attachments.bytes", "direction", "out");
        requests = registry.gauge("millrace.attachments.requests", new AtomicInteger());
        for (ErrorCode code : ErrorCode.values()) {
            refusedBy(code.name());
        }
    }

    void refused(String code) {
        refusedBy(code).increment();
    }

    private Counter refusedBy(String code) {
        return refused.computeIfAbsent(code, label -> registry.counter("millrace.attachments.refused", "code", label));
    }
}
