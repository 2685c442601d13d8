package io.millrace.ingest.attachment;

import io.millrace.ingest.attachment.AttachmentConfig.Store;
import org.jboss.logging.Logger;

/** Every word attachments log. No name, sender or content appears here (SEC-5); attachments are named by their id. */
final class AttachmentLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.ingest.attachment");

    private AttachmentLog() {
    }

    static void open(Store store, long maxBytes) {
        LOG.infof("attachments are kept in store %s; to %d bytes each", store, maxBytes);
    }

    static void storeFailed(Throwable cause) {
        LOG.warnf("unable to reach the attachment store; %s", cause.getMessage());
    }

    static void outcomeFailed(String id, Throwable cause) {
        LOG.warnf("unable to record the outcome of attachment %s; %s", id, cause.getMessage());
    }

    static void broken(String id, Throwable cause) {
        LOG.debugf("the bytes of attachment %s stopped; %s", id, cause.getMessage());
    }

    static void bug(Throwable bug) {
        LOG.error("unable to answer a request for an attachment; this is a defect of the server", bug);
    }

    static void swept(int expired, int aged) {
        LOG.infof("removed %d uploads that were not finished in time and %d attachments past their retention", expired, aged);
    }

    static void sweepFailed(Throwable cause) {
        LOG.warnf("unable to sweep attachments, trying again; %s", cause.getMessage());
    }
}
