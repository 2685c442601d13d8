package io.millrace.delivery;

import io.millrace.contract.record.DiscontinuityReason;
import java.util.List;
import org.jboss.logging.Logger;

/** Every word delivery's shell logs. No token, text or sender appears here (SEC-5); nor does a room's name, which may tell who talks to whom: a hash of it does. */
public final class DeliveryLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.delivery");

    private DeliveryLog() {
    }

    static void repeatDiffers(String room, long seq) {
        LOG.errorf("a repeat of seq %d in room %s differs from what was sent; the log is not deterministic", seq, hashed(room));
    }

    static void undecodable(int partition, long offset) {
        LOG.errorf("unable to decode a record of room log partition %d at offset %d; it is skipped", partition, offset);
    }

    static void discontinuity(String room, DiscontinuityReason reason, long lost) {
        LOG.debugf("room %s: discontinuity %s, %d lost", hashed(room), reason, lost);
    }

    static void unavailable(String room, Throwable cause) {
        LOG.debugf("unable to serve room %s now; %s", hashed(room), cause.toString());
    }

    static void unrecorded(Throwable cause) {
        LOG.warnf("unable to record a discontinuity; %s", cause.toString());
    }

    static void unwritten(Throwable cause) {
        LOG.debugf("unable to write a room signal; %s", cause.toString());
    }

    static void topicMadeAnew(String topic) {
        LOG.warnf("topic %s was made anew", topic);
    }

    static void notAllowed(String missing) {
        LOG.warnf("unable to serve; %s", missing);
    }

    static void unreachable(String what, Throwable cause) {
        LOG.debugf("unable to reach %s; %s", what, cause.toString());
    }

    private static String hashed(String room) {
        return "#" + Integer.toHexString(room.hashCode());
    }

    static void drifts(List<?> drifts) {
        LOG.warnf("topics differ from the catalogue: %s", drifts);
    }
}
