package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * A loopback port that was free a moment ago, and that no other test is given as long as this JVM lives, of whatever module: each port handed
 * out is a locked byte of a file they share. It lies below the ports that systems give to outgoing connections: between two starts of a
 * server no client's connection can take it, and a client that tries in vain cannot connect to itself.
 */
public final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 30_000;
    private static final int TRIES = 100;
    private static final FileChannel HANDED_OUT = open(Path.of(System.getProperty("java.io.tmpdir"), "millrace-test-ports-" + System.getProperty("user.name")));

    private FreePort() {
    }

    public static int any() {
        return new Random().ints(TRIES, LOWEST, HIGHEST).filter(port -> isFree(port) && take(port)).findFirst()
                .orElseThrow(() -> new IllegalStateException("unable to find a free port in " + TRIES + " tries"));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Until this JVM ends. */
    private static boolean take(int port) {
        try {
            return HANDED_OUT.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false; // this JVM has it already
        } catch (IOException e) {
            throw new UncheckedIOException("unable to take port " + port, e);
        }
    }

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to open " + file, e);
        }
    }
}
