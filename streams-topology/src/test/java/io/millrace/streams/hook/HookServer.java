package io.millrace.streams.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A backend team's hook, as a real HTTP server: each room follows its own script, and it counts how many calls it holds at once. */
final class HookServer implements AutoCloseable {
    static final Function<JsonNode, Reply> ALLOW = question -> Reply.json("{\"verdict\":\"allow\"}");
    /** No reply until {@link #release}. */
    static final Function<JsonNode, Reply> HOLD = question -> null;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Function<JsonNode, Reply>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<JsonNode>> questions = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> traces = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    HookServer() {
        server = vertx.createHttpServer().requestHandler(this::serve).listen(0, "localhost").toCompletionStage().toCompletableFuture().join();
    }

    String url() {
        return "http://localhost:" + server.actualPort() + "/hook?team=chat";
    }

    void script(String room, Function<JsonNode, Reply> script) {
        scripts.put(room, script);
    }

    /** What was asked about the room so far, in order of arrival. */
    List<JsonNode> questions(String room) {
        return List.copyOf(questions.getOrDefault(room, List.of()));
    }

    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    List<String> traces() {
        return List.copyOf(traces);
    }

    int holding() {
        return held.size();
    }

    /** The most calls that were open at the same time. */
    int peak() {
        return peak.get();
    }

    void release(Reply reply) {
        for (var request = held.poll(); request != null; request = held.poll()) {
            answer(request, reply);
        }
    }

    private void serve(HttpServerRequest request) {
        peak.accumulateAndGet(open.incrementAndGet(), Math::max);
        authorizations.add(String.valueOf(request.getHeader("Authorization")));
        traces.add(String.valueOf(request.getHeader("traceparent")));
        request.body().onSuccess(body -> {
            var question = question(body);
            var room = question.path("room").textValue();
            questions.computeIfAbsent(room, name -> new CopyOnWriteArrayList<>()).add(question);
            var reply = scripts.getOrDefault(room, ALLOW).apply(question);
            if (reply == null) {
                request.connection().closeHandler(gone -> {
                    if (held.remove(request)) {
                        open.decrementAndGet();
                    }
                });
                held.add(request);
            } else {
                answer(request, reply);
            }
        });
    }

    private void answer(HttpServerRequest request, Reply reply) {
        open.decrementAndGet();
        request.response().setStatusCode(reply.status()).end(Buffer.buffer(reply.body()));
    }

    private static JsonNode question(Buffer body) {
        try {
            return Json.MAPPER.readTree(body.getBytes());
        } catch (IOException e) {
            throw new AssertionError("the hook was asked something that is no JSON", e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    record Reply(int status, String body) {
        static Reply json(String body) {
            return new Reply(200, body);
        }
    }
}
