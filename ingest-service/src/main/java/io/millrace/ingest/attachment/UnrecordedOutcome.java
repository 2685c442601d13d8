package io.millrace.ingest.attachment;

/** Kafka did not keep an outcome in time; the same request brings it again. */
final class UnrecordedOutcome extends Exception {
    UnrecordedOutcome(Throwable cause) {
        super("unable to record an outcome; " + cause.getMessage(), cause, false, false);
    }
}
