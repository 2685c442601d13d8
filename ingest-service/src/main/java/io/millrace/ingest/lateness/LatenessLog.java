package io.millrace.ingest.lateness;

import java.time.Duration;
import org.jboss.logging.Logger;

/** Every word the watch of the pipeline logs. */
final class LatenessLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.ingest.lateness");

    private LatenessLog() {
    }

    static void changed(Duration lateness, Duration pause) {
        if (pause.isZero()) {
            LOG.info("the pipeline keeps up again; connections are read at their own pace");
        } else {
            LOG.warnf("the pipeline is %d ms late; connections are read slower", lateness.toMillis());
        }
    }

    static void unknown(Exception cause) {
        LOG.warnf("unable to say how late the pipeline is; %s", cause.getMessage());
    }
}
