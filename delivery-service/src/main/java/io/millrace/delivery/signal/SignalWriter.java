package io.millrace.delivery.signal;

import io.millrace.contract.record.PresenceRecord;
import io.millrace.contract.record.SignalRecord;
import java.util.concurrent.CompletionStage;

/** Where signals go so that every pod learns of them. Never blocks; completes on any thread, exceptionally when the record may be lost. */
public interface SignalWriter {
    CompletionStage<Void> tell(SignalRecord signal);

    /** {@code record} null takes back what the key said. */
    CompletionStage<Void> keep(int partition, String key, PresenceRecord record);
}
