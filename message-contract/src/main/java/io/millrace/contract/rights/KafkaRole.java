package io.millrace.contract.rights;

import java.util.Locale;

/** The programs that speak to Kafka, each as a principal of its own (SEC-4). */
public enum KafkaRole {
    INGEST, STREAMS, DELIVERY,
    /** {@code topics ensure} and {@code verify}. */
    TOPICS,
    /** {@code failures list}, {@code show} and {@code resend}. */
    FAILURES,
    /** {@code check}. */
    CHECK;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
