package io.millrace.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the published documents say can be asked: {@code GET /v1/sync/:id}, paths as a router writes them (TOP-2). */
public final class DocumentedRoutes {
    private static final String DOCS = "/io/millrace/contract/docs/";

    private DocumentedRoutes() {
    }

    /** Both sockets, by the upgrade that opens them, and every HTTP operation. */
    public static Set<String> all() {
        Set<String> routes = new TreeSet<>();
        read("openapi.json").path("paths").fields().forEachRemaining(path -> path.getValue().fieldNames()
                .forEachRemaining(method -> routes.add(route(method, path.getKey()))));
        read("asyncapi.json").path("channels").forEach(channel -> {
            if (channel.at("/bindings/ws").isObject()) {
                routes.add(route(channel.at("/bindings/ws/method").asText(), channel.path("address").asText()));
            }
        });
        return routes;
    }

    private static String route(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{(\\w+)}", ":$1");
    }

    private static JsonNode read(String document) {
        try (var in = DocumentedRoutes.class.getResourceAsStream(DOCS + document)) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read " + document, e);
        }
    }
}
