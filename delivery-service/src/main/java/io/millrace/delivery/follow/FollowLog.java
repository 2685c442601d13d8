package io.millrace.delivery.follow;

import org.jboss.logging.Logger;

/** What following the log says in the server's log. No keys, rooms' texts or senders (SEC-5). */
final class FollowLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.delivery.follow");

    private FollowLog() {
    }

    static void trouble(String topic, Throwable cause) {
        LOG.warnf("unable to read %s now; %s", topic, cause.toString());
    }

    static void bug(String topic, Throwable bug) {
        LOG.errorf(bug, "unable to read %s; this is a defect of the server", topic);
    }

    static void ownerBug(Throwable bug) {
        LOG.error("unable to run a task of a partition; this is a defect of the server", bug);
    }

    static void followed(String topic, int partition, long start) {
        LOG.debugf("following %s-%d from offset %d", topic, partition, start);
    }

    static void unfollowable(String topic, int partition, Throwable cause) {
        LOG.warnf("unable to follow %s-%d; %s", topic, partition, cause.toString());
    }

    static void brokeOff(String topic, int partition, long position, Object why) {
        LOG.warnf("%s-%d broke off at offset %d: %s", topic, partition, position, why);
    }

    static void undecodable(String topic, int partition, long offset) {
        LOG.errorf("unable to decode a record of %s-%d at offset %d; it is skipped", topic, partition, offset);
    }
}
