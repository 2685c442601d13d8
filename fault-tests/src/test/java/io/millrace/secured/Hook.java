package io.millrace.secured;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A hook that allows what asks for nothing else; a message's text can ask for trouble, for an answer that cannot be read and for a refusal. */
final class Hook implements AutoCloseable {
    private final HttpServer server;
    private final String said;

    /** {@code said}: stands in every answer but the plain yes. */
    Hook(String said) {
        this.said = said;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.contains("ask-for-trouble")) {
            answer(exchange, 500, said);
        } else if (asked.contains("ask-for-garbage")) {
            answer(exchange, 200, said);
        } else if (asked.contains("ask-for-refusal")) {
            answer(exchange, 200, "{\"verdict\":\"refuse\",\"code\":\"" + said + "\",\"message\":\"" + said + "\"}");
        } else {
            answer(exchange, 200, "{\"verdict\":\"allow\"}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
