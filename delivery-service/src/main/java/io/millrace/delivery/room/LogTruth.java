package io.millrace.delivery.room;

import io.millrace.delivery.continuity.LogFacts;
import java.util.concurrent.CompletionStage;

/** Asks Kafka itself how the log partition stands right now. Answers come on any thread. */
public interface LogTruth {
    CompletionStage<LogFacts> ask(int partition);
}
