package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Development tokens from {@code POST /dev/token} (RUN-2), kept for the run: they last longer than it. Used on one event loop. */
final class DevTokens implements TokenSource {
    private final HttpClient http;
    private final ServerAddress server;
    private final Map<String, List<String>> rooms;
    private final Map<String, String> kept = new HashMap<>();

    /** {@code rooms} is what they shall grant, null for everything. */
    DevTokens(HttpClient http, ServerAddress server, Map<String, List<String>> rooms) {
        this.http = http;
        this.server = server;
        this.rooms = rooms;
    }

    @Override
    public Future<String> token(String sender) {
        String known = kept.get(sender);
        return known != null ? Future.succeededFuture(known) : ask(sender).onSuccess(token -> kept.put(sender, token));
    }

    @Override
    public boolean renew(String sender) {
        return kept.remove(sender) != null;
    }

    private Future<String> ask(String sender) {
        var options = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(server.http("/dev/token").toString());
        return http.request(options)
                .compose(request -> request.send(Buffer.buffer(Json.bytes(new Wanted(sender, rooms)))))
                .compose(response -> response.body().map(body -> token(response.statusCode(), body)))
                .recover(failure -> Future.failedFuture(failure instanceof Unreachable ? failure : Unreachable.forNow(failure.getMessage())));
    }

    private static String token(int status, Buffer body) {
        if (status == 404) {
            throw Unreachable.refused("the server makes no development tokens; give one with --token");
        }
        if (status >= 500) {
            throw Unreachable.forNow("the server makes no development token at the moment (HTTP " + status + ")");
        }
        try {
            JsonNode token = Json.MAPPER.readTree(body.getBytes()).path("token");
            if (status == 200 && token.isTextual()) {
                return token.textValue();
            }
        } catch (IOException e) {
            // no JSON: told below
        }
        throw Unreachable.refused("the server refuses a development token (HTTP " + status + ")");
    }

    private record Wanted(String sub, Map<String, List<String>> rooms) {
    }
}
