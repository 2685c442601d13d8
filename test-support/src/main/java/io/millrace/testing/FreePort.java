package io.millrace.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

/**
 * A loopback port that was free a moment ago. It lies below the ports that systems give to outgoing connections: between two starts of a
 * server no client's connection can take it, and a client that tries in vain cannot connect to itself.
 */
public final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 30_000;
    private static final int TRIES = 100;

    private FreePort() {
    }

    public static int any() {
        return new Random().ints(TRIES, LOWEST, HIGHEST).filter(FreePort::isFree).findFirst()
                .orElseThrow(() -> new IllegalStateException("unable to find a free port in " + TRIES + " tries"));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
