package io.millrace.standalone.serve;

import io.millrace.standalone.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** A port this instance will listen on, looked at before anything is started so that a taken one is said in one line. */
record Port(String host, int number, String setting) {

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

    /** A port nobody listens on now. */
    static int free(String host) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CannotStart("unable to start; no free port on " + host, e);
        }
    }
}
