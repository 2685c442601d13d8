package io.millrace.gate.wire;

/**
 * Tells a dead peer from a quiet or slow one, from facts gathered between pings: it is gone when two pings in a row pass without
 * a sound from it although it was listened to, and without its backlog having shrunk. Pure.
 */
public final class PeerWatch {
    private static final int SILENT_PINGS = 2;

    private boolean heard = true;
    private long lastBacklog;
    private int silent;

    public void heard() {
        heard = true;
    }

    /** Asked once before each ping; {@code listening}: the socket is being read, so a sound could have been heard. */
    public boolean isGone(boolean listening, long backlog) {
        boolean reads = backlog < lastBacklog;
        boolean stuck = backlog > 0 && !reads;
        silent = heard || reads || !listening && !stuck ? 0 : silent + 1;
        heard = false;
        lastBacklog = backlog;
        return silent > SILENT_PINGS;
    }
}
