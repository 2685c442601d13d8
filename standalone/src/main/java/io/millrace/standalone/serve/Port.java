package io.millrace.standalone.serve;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Random;

/** A port this instance will listen on, looked at before anything is started so that a taken one is said in one line. */
record Port(String host, int number, String setting) {
    private static final int LOWEST_FREE = 10_000;
    private static final int HIGHEST_FREE = 30_000;
    private static final int TRIES = 100;

    /** Throws {@link CannotStart} when something else listens there. */
    void requireFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections of a former run that linger in TIME_WAIT are no listener
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), number));
        } catch (UnknownHostException e) {
            throw new CannotStart("unable to start; the host " + host + " is unknown", e);
        } catch (IOException e) {
            throw new CannotStart("unable to start; port " + number + " on " + host + " is already in use (choose another with " + setting + ")", e);
        }
    }

    /**
     * A port nobody listens on now, below those that systems give to outgoing connections: what starts meanwhile and connects elsewhere
     * cannot take it.
     */
    static int free(String host) {
        return new Random().ints(TRIES, LOWEST_FREE, HIGHEST_FREE).mapToObj(number -> new Port(host, number, "no setting")).filter(Port::isFree).findFirst()
                .orElseThrow(() -> new CannotStart("unable to start; no free port on " + host)).number();
    }

    private boolean isFree() {
        try {
            requireFree();
            return true;
        } catch (CannotStart taken) {
            return false;
        }
    }
}
