package io.millrace.ingest;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.record.AcceptedMessage;
import io.millrace.contract.topic.Topics;
import io.millrace.gate.limit.Pace;
import io.millrace.ingest.lateness.PipelineWatch;
import io.millrace.tracing.TraceContext;
import io.millrace.tracing.Tracing;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What all connections and requests of ingest share. */
@Singleton
class Ingest {
    private final IngestConfig config;
    private final Topics topics;
    private final LaneWriter writer;
    private final IngestMetrics metrics;
    private final PipelineWatch pipeline;
    private final Tracing tracing;
    private final Judgement judgement;
    private final String version;

    @Inject
    Ingest(IngestConfig config, IngestTopics topics, LaneWriter writer, IngestMetrics metrics, PipelineWatch pipeline, Tracing tracing,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "dev") String version) {
        this.config = config;
        this.topics = topics.topics();
        this.writer = writer;
        this.metrics = metrics;
        this.pipeline = pipeline;
        this.tracing = tracing;
        this.judgement = new Judgement(new Pace<>(config.rate(), config.burst(), System::nanoTime));
        this.version = version;
    }

    ServerFrame.Hello hello(String connection) {
        var limits = Map.of(
                "maxMessageBytes", config.maxMessageBytes().asLongValue(),
                "inFlight", (long) config.inFlight(),
                "rate", (long) config.rate(),
                "burst", (long) config.burst());
        return new ServerFrame.Hello(connection, config.pingInterval().toMillis(), null, null, limits, version);
    }

    /** A message was found good; its record is made, and its step begins. */
    Draft draft(AcceptedMessage accepted, TraceContext client) {
        var span = tracing.enter("ingest accept", client);
        if (span.isRecorded()) {
            var message = accepted.message();
            span.with("millrace.message.id", message.id()).with("millrace.room", message.room()).with("millrace.lane", message.lane().wireName());
        }
        return Draft.of(accepted, topics, span);
    }

    void count(Pending pending, AppendFailure failure) {
        if (failure == null) {
            metrics.accepted(pending.draft().accepted().message().lane(), pending.draft().bytes());
        } else {
            metrics.refused(failure.code());
            pending.draft().span().failed(failure.code().name());
        }
        pending.draft().span().end();
    }

    Judgement judgement() {
        return judgement;
    }

    LaneWriter writer() {
        return writer;
    }

    IngestMetrics metrics() {
        return metrics;
    }

    /** How late the pipeline behind is, and so how slowly connections are to be read (ING-8). */
    PipelineWatch pipeline() {
        return pipeline;
    }

    Topics topics() {
        return topics;
    }

    int inFlightLimit() {
        return config.inFlight();
    }
}
