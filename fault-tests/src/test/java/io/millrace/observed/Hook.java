package io.millrace.observed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A pre-sync hook that refuses what says so. */
final class Hook implements AutoCloseable {
    private final HttpServer server;
    private final AtomicReference<String> traceparent = new AtomicReference<>();

    Hook() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::judge);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** The trace context of the last call that had one. */
    String traceparent() {
        return traceparent.get();
    }

    private void judge(HttpExchange call) throws IOException {
        try (call) {
            boolean refuses = Json.MAPPER.readTree(call.getRequestBody()).path("text").asText().equals("refuse me");
            Optional.ofNullable(call.getRequestHeaders().getFirst("traceparent")).ifPresent(traceparent::set);
            byte[] answer = (refuses ? "{\"verdict\":\"refuse\",\"code\":\"rude\"}" : "{\"verdict\":\"allow\"}").getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
