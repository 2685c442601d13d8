package io.millrace.ingest;

import io.millrace.contract.topic.Topics;
import org.jboss.logging.Logger;

/** Every word ingest logs. No token, text or sender appears here (SEC-5). */
final class IngestLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.ingest");

    private IngestLog() {
    }

    static void ready(Topics topics) {
        LOG.infof("messages go to %s and %s, %d partitions each", topics.text().name(), topics.media().name(), topics.text().partitions());
    }

    static void notReady(String reason) {
        LOG.warnf("unable to make messages durable; %s", reason);
    }

    static void unexpected(Exception cause) {
        LOG.errorf("unable to append a message; Kafka answered %s: %s", cause.getClass().getSimpleName(), cause.getMessage());
    }

    static void replaced() {
        LOG.warn("the producer had failed for good and was replaced");
    }

    static void bug(Throwable bug) {
        LOG.error("unable to go on; this is a defect of the server", bug);
    }
}
