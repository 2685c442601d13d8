package io.millrace.observed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Takes spans as an OpenTelemetry collector does, over HTTP. */
final class SpanReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    SpanReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> trace(String traceId) {
        return spans.stream().filter(span -> span.traceId.equals(traceId)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(new ByteArrayInputStream(exchange.getRequestBody().readAllBytes()));
            request.getResourceSpansList().stream().flatMap(SpanReceiver::read).forEach(spans::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Stream<Received> read(ResourceSpans from) {
        String service = from.getResource().getAttributesList().stream().filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue()).findFirst().orElse("");
        return from.getScopeSpansList().stream().flatMap(scope -> scope.getSpansList().stream()).map(span -> new Received(service, span.getName(),
                hex(span.getTraceId()), hex(span.getSpanId()), hex(span.getParentSpanId()), span));
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    record Received(String service, String name, String traceId, String spanId, String parentId, Span span) {
        long attribute(String key) {
            return span.getAttributesList().stream().filter(attribute -> attribute.getKey().equals(key)).findFirst().orElseThrow().getValue().getIntValue();
        }
    }
}
