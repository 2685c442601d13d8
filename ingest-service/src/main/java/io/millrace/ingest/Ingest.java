package io.millrace.ingest;

import io.millrace.contract.frame.ServerFrame;
import io.millrace.contract.topic.Topics;
import io.millrace.gate.limit.Pace;
import io.millrace.ingest.lateness.PipelineWatch;
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
    private final Judgement judgement;
    private final String version;

    @Inject
    Ingest(IngestConfig config, IngestTopics topics, LaneWriter writer, IngestMetrics metrics, PipelineWatch pipeline,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "dev") String version) {
        this.config = config;
        this.topics = topics.topics();
        this.writer = writer;
        this.metrics = metrics;
        this.pipeline = pipeline;
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

    void count(Pending pending, AppendFailure failure) {
        if (failure == null) {
            metrics.accepted(pending.draft().accepted().message().lane(), pending.draft().bytes());
        } else {
            metrics.refused(failure.code());
        }
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
