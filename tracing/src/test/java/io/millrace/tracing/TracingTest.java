package io.millrace.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** TOP-1: trace context travels in headers, and what is traced is one trace. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final TraceContext SAMPLED = TraceContext.ofClient("00-" + TRACE + "-00f067aa0ba902b7-01", "vendor=1");
    private static final TraceContext UNSAMPLED = TraceContext.ofClient("00-" + TRACE + "-00f067aa0ba902b7-00", null);

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final TracingMeters meters = new TracingMeters(new SimpleMeterRegistry());

    private Tracing tracing(double ratio, boolean followsClients) {
        var ids = new StepIds();
        var provider = SdkTracerProvider.builder().setIdGenerator(ids).addSpanProcessor(SimpleSpanProcessor.create(new CountedExporter(exporter, meters))).build();
        return new OtelTracing(provider.get("test"), ids, ratio, followsClients, meters.spans, provider::close);
    }

    @Test
    @DisplayName("TOP-1: steps hang below each other and below the client's own span")
    void makesOneTraceOfAMessagesWay() {
        var tracing = tracing(0, true);
        var accepted = tracing.enter("accept", SAMPLED);
        accepted.end();
        var scheduled = tracing.step("schedule", accepted.context(), Instant.EPOCH);
        scheduled.end(Instant.EPOCH.plusSeconds(1));
        tracing.step("sequence", scheduled.context(), Instant.EPOCH).with("attempt", 1).end();
        var spans = exporter.getFinishedSpanItems();
        assertThat(spans).extracting(SpanData::getName).containsExactly("accept", "schedule", "sequence");
        assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(spans).extracting(SpanData::getParentSpanId).containsExactly("00f067aa0ba902b7", spans.get(0).getSpanId(), spans.get(1).getSpanId());
        assertThat(scheduled.context().state()).isEqualTo("vendor=1");
        assertThat(meters.spans.count()).isEqualTo(3);
        assertThat(meters.sent.count()).isEqualTo(3);
    }

    @Test
    void makesTheSameSpanOfAStepThatIsDoneAgain() {
        var tracing = tracing(0, true);
        var foreseen = tracing.within("schedule", SAMPLED);
        List.of(1, 2).forEach(time -> tracing.step("schedule", SAMPLED, Instant.EPOCH).end());
        assertThat(exporter.getFinishedSpanItems()).extracting(SpanData::getSpanId).containsOnly(foreseen.spanId());
        assertThat(tracing.within("sequence", SAMPLED)).isNotEqualTo(foreseen);
        assertThat(tracing.step("schedule", SAMPLED, Instant.EPOCH).context()).isEqualTo(foreseen);
    }

    @Test
    void recordsNothingThatIsNotSampledAndHandsItsContextThrough() {
        for (var tracing : List.of(tracing(1, true), Tracing.off())) {
            assertThat(tracing.enter("accept", UNSAMPLED).context()).isEqualTo(UNSAMPLED);
            assertThat(tracing.step("schedule", UNSAMPLED, Instant.EPOCH).context()).isEqualTo(UNSAMPLED);
            assertThat(tracing.within("schedule", TraceContext.NONE)).isEqualTo(TraceContext.NONE);
        }
        assertThat(Tracing.off().enter("accept", SAMPLED).context()).isEqualTo(SAMPLED);
        assertThat(tracing(0, true).enter("accept", TraceContext.NONE).context()).isEqualTo(TraceContext.NONE);
        assertThat(meters.spans.count()).isZero();
    }

    @Test
    void tracesAPartOfTheMessagesThatBringNoContext() {
        var tracing = tracing(0.5, false);
        for (int message = 0; message < 1000; message++) {
            tracing.enter("accept", SAMPLED).end(); // clients are not followed: as good as no context
        }
        assertThat(exporter.getFinishedSpanItems()).hasSizeBetween(350, 650).extracting(SpanData::getTraceId).doesNotContain(TRACE);
    }

    @Test
    void travelsInHeadersAndTakesOnlyWhatIsWellFormed() {
        var headers = new RecordHeaders();
        SAMPLED.addTo(headers);
        assertThat(TraceContext.of(headers)).isEqualTo(SAMPLED);
        assertThat(TraceContext.of(new RecordHeaders())).isEqualTo(TraceContext.NONE);
        for (String bad : List.of("", "00-x", "ff-" + TRACE + "-00f067aa0ba902b7-01", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-00f067aa0ba902b7-01")) {
            assertThat(TraceContext.ofClient(bad, "x=1")).isEqualTo(TraceContext.NONE);
        }
    }
}
