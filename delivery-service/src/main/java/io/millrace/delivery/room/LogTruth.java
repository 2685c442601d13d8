package io.millrace.delivery.room;

import io.millrace.delivery.continuity.LogFacts;
import java.util.concurrent.CompletionStage;

/** Asks Kafka itself about a log partition. Answers come on any thread. */
public interface LogTruth {
    /** How it stands right now. */
    CompletionStage<LogFacts> ask(int partition);

    /** Where the records of leader epoch {@code epoch}, and of those before it, end in the log of a leader whose epoch is {@code now} or later. */
    CompletionStage<Long> epochEnd(int partition, int epoch, int now);
}
