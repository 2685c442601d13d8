package io.millrace.analytics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A pre-sync hook that refuses one text and allows everything else (RUN-4). */
final class OneWordHook implements AutoCloseable {
    private static final int THREADS = 16;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;
    private final String refused;

    OneWordHook(String refused) throws IOException {
        this.refused = refused;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean refuses = Json.MAPPER.readTree(exchange.getRequestBody()).path("text").asText().equals(refused);
        byte[] verdict = (refuses ? "{\"verdict\":\"refuse\",\"code\":\"BANNED\"}" : "{\"verdict\":\"allow\"}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, verdict.length);
        exchange.getResponseBody().write(verdict);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
