package io.millrace.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A pre-sync hook that is down until it is told to allow everything. */
final class Hook implements AutoCloseable {
    private static final byte[] ALLOW = "{\"verdict\":\"allow\"}".getBytes(StandardCharsets.UTF_8);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private volatile boolean up;

    Hook() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(up ? 200 : 503, up ? ALLOW.length : -1);
            if (up) {
                exchange.getResponseBody().write(ALLOW);
            }
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    void comeUp() {
        up = true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
