package io.millrace.gate;

import org.jboss.logging.Logger;

/** Every word the gate logs. No token, text or sender appears here (SEC-5); connections are named by their id. */
final class GateLog {
    private static final Logger LOG = Logger.getLogger("io.millrace.gate");

    private GateLog() {
    }

    static void opened(String path, SocketSettings settings) {
        LOG.infof("%s is open; frames to %d bytes, ping every %d ms", path, settings.maxFrameBytes(), settings.pingInterval().toMillis());
    }

    static void bug(String connection, Throwable bug) {
        LOG.errorf(bug, "unable to handle a frame of connection %s; this is a defect of the server", connection);
    }

    static void upgradeFailed(Throwable cause) {
        LOG.debugf("unable to upgrade a connection; %s", cause.getMessage());
    }

    static void broken(String connection, Throwable cause) {
        LOG.debugf("connection %s broke; %s", connection, cause.getMessage());
    }

    static void unanswered(long sockets) {
        LOG.warnf("unable to answer everything before the goodbye; %d connections are closed as they are", sockets);
    }

    static void draining(int sockets) {
        LOG.infof("saying goodbye to %d connections", sockets);
    }
}
